"""Tolket plansituasjon: several plans that lie on one another become one map without overlap.

In: planned areas of kommuneplan, kommunedelplaner and reguleringsplaner in one canonical zoning
table, municipal areas, the plans' own rules of precedence, and the planner's rulings. Out: pieces,
each with the plan that prevails there, why, and which plans lie there too; what is in doubt is
`unknown`. The law is pbl § 1-5 second paragraph: by *motstrid* the newer plan goes before the older
unless the newer says otherwise. It is never called the plan in force (gjeldende plan), and the
provisions are not read.

`ages` says which plans take part, `motstrid` whether two purposes are incompatible, `precedence`
which of two plans prevails, `settling` what a whole stack of plans comes to, `rulings` what the
planner has decided, and `interpret` makes the map of it all.
"""

from ikap.kinds.situation.interpret import Asked, Parts, Situation, interpret

__all__ = ["Asked", "Parts", "Situation", "interpret"]
