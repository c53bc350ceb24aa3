"""What is said of one file while it is read: faults that stop, and rows of the quality record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ikap.errors import Fault, InputError
from ikap.model import QualityRow

__all__ = ["Ledger"]


@dataclass
class Ledger:
    """Collects faults and quality rows of one layer of one file, so that all are told together."""

    file: str
    layer: str
    faults: list[Fault] = field(default_factory=list)
    quality: list[QualityRow] = field(default_factory=list)

    def told(
        self, what: str, amount: float, unit: str = "count", *, source_id: str = "", **facts: object
    ) -> None:
        """Add a row to the quality record.

        Parameters
        ----------
        what : str
            Text key under `[quality]`.
        amount : float
            How much, in `unit`.
        unit : str
            `count`, `m2` or `m`.
        source_id : str
            The feature, empty for the layer as a whole.
        **facts : object
            Named fields of the sentence.
        """
        self.quality.append(QualityRow(self.layer, source_id, what, amount, unit, facts))

    def fault(self, key: str, /, *, ids: Iterable[str] = (), **facts: object) -> None:
        """Add a fault, which is raised at the next `stop`.

        Parameters
        ----------
        key : str
            Text key under `[error]`.
        ids : iterable of str
            The features that have it.
        **facts : object
            Named fields of the message.
        """
        self.faults.append(Fault(key, self.file, self.layer, tuple(ids), facts))

    def error(self, key: str, /, **facts: object) -> InputError:
        """Error that tells all faults so far and this one, to be raised at once.

        Parameters
        ----------
        key : str
            Text key under `[error]`.
        **facts : object
            Named fields of the message.

        Returns
        -------
        InputError
            Not raised yet, so that the caller can say `from`.
        """
        self.faults.append(Fault(key, self.file, self.layer, facts=facts))
        return InputError.of(self.faults)

    def stop(self) -> None:
        """Raise all faults together, if there are any.

        Raises
        ------
        InputError
            With every fault that was added.
        """
        if self.faults:
            raise InputError.of(self.faults)
