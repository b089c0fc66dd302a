"""Devin in Apache Airflow: operators, a sensor, a trigger and a connection type over `devin-tools`."""

__version__ = "0.1.0"
