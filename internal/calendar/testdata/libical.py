# What libical makes of the calendar on its input: one line for each event, after the number of things it finds wrong.
import gi
import sys

gi.require_version("ICalGLib", "3.0")
from gi.repository import ICalGLib as ical

cal = ical.Parser.parse_string(sys.stdin.read())
cal.check_restrictions()
print("wrong:", cal.count_errors())
event = cal.get_first_component(ical.ComponentKind.VEVENT_COMPONENT)
while event:
    start, end = event.get_dtstart(), event.get_dtend()
    def show(t):
        if t is None or t.is_null_time():
            return "-"
        return t.as_ical_string() if t.is_date() else str(t.as_timet_with_zone(t.get_timezone()))
    print(event.get_uid(), event.get_sequence(), event.get_status().value_nick, show(start), show(end), event.get_summary(), sep="|")
    event = cal.get_next_component(ical.ComponentKind.VEVENT_COMPONENT)
