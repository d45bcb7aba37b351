"""The pages, a module a kind: functions from a ``Context`` to a ``Page`` (both in ``evidence.site.web``)."""
