# What libical makes of the calendars in the named files: for each the number of things it finds wrong, then one line for each event.
import gi
import sys

gi.require_version("ICalGLib", "3.0")
from gi.repository import ICalGLib as ical


def show(t):
    if t is None or t.is_null_time():
        return "-"
    return t.as_ical_string() if t.is_date() else str(t.as_timet_with_zone(t.get_timezone()))


for name in sys.argv[1:]:
    with open(name, encoding="utf-8", newline="") as file:
        cal = ical.Parser.parse_string(file.read())
    cal.check_restrictions()
    print("wrong:", cal.count_errors())
    event = cal.get_first_component(ical.ComponentKind.VEVENT_COMPONENT)
    while event:
        start, end = event.get_dtstart(), event.get_dtend()
        print(event.get_uid(), event.get_sequence(), event.get_status().value_nick, show(start), show(end), event.get_summary(), sep="|")
        event = cal.get_next_component(ical.ComponentKind.VEVENT_COMPONENT)
    print()
