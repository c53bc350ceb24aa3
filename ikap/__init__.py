"""ikap: GIS toolkit for intermunicipal land-use planning (interkommunal arealplanlegging)."""

__version__ = "0.1.0"
