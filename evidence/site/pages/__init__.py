"""The pages, a module a kind: functions from a :class:`~evidence.site.web.Context` to a :class:`~evidence.site.web.Page`."""
