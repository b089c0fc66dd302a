"""The built-in readers. A plugin too, like any third party's reader."""

from __future__ import annotations

from collections.abc import Iterable

from ...hookspecs import Reader, hookimpl
from . import (
    azure_monitor,
    cloudwatch,
    datadog,
    github,
    kibana,
    monitors,
    newrelic,
    opsgenie,
    pagerduty,
    sentry,
    sns,
    standard,
)
from .alertmanager import ALERTMANAGER, GRAFANA


@hookimpl
def devin_tools_provide_readers() -> Iterable[Reader]:
    """Return the built-in readers. The last that knows a body reads it: the plainest form comes first."""
    return [
        standard.READER,
        *monitors.READERS,
        sns.READER,
        cloudwatch.READER,
        newrelic.READER,
        datadog.READER,
        kibana.READER,
        opsgenie.READER,
        pagerduty.READER,
        ALERTMANAGER,
        GRAFANA,
        azure_monitor.READER,
        sentry.READER,
        github.READER,
    ]
