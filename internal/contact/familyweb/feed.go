package familyweb

import (
	"time"

	"brug/internal/calendar"
	"brug/internal/messages/letter"
)

// calendarAhead is how far the first page looks.
const calendarAhead = 60 * 24 * time.Hour

// events are what is on in the next seven days, today with them, and some of what comes after.
func (p *Pages) events(v *guestVisit) (soon, later []calendar.Line, err error) {
	today := p.Now().In(v.zone)
	lines, err := p.Calendar.For(v.Context(), v.School.ID, v.calendarChildren(), today.Format(time.DateOnly), today.Add(calendarAhead).Format(time.DateOnly))
	if err != nil {
		return nil, nil, err
	}
	week := today.AddDate(0, 0, 6).Format(time.DateOnly)
	for _, l := range lines {
		switch {
		case l.Day <= week:
			soon = append(soon, l)
		case len(later) < homeEvents:
			later = append(later, l)
		}
	}
	return soon, later, nil
}

func (v *guestVisit) calendarChildren() []calendar.Child {
	out := make([]calendar.Child, len(v.Children))
	for i, c := range v.Children {
		out[i] = calendar.Child{Name: c.Given, ClassID: c.ClassID}
	}
	return out
}

// feed is the calendar of a guardian's children for a calendar program that asks for it every few hours.
func (p *Pages) feed(v *guestVisit) error {
	now := p.Now()
	today := now.In(v.zone)
	lines, err := p.Calendar.For(v.Context(), v.School.ID, v.calendarChildren(), today.AddDate(0, 0, -calendar.FeedBack).Format(time.DateOnly), today.AddDate(0, 0, calendar.FeedAhead).Format(time.DateOnly))
	if err != nil {
		return err
	}
	text := calendar.Feed{School: v.School.Name, Zone: v.zone, Lang: v.Lang, Lines: lines, Names: len(v.Children) > 1, Now: now}.Text()
	v.Header().Set("Content-Type", calendar.ContentType)
	if _, err := v.Write([]byte(text)); err != nil {
		return nil // the program has gone
	}
	return nil
}

// hours says when the school answers, in the reader's language; "" where the school did not say.
func (p *Pages) hours(v *guestVisit) string { return letter.Hours(v.locale().Tag(), v.Office) }
