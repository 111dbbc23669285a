package school

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"brug/internal/auth"
	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/errs"
	"brug/internal/lang"
)

// Office is when staff answer families; package letter says it in each language. The zero value: the school did not say.
type Office struct {
	Days [7]Span // Monday first
}

// Span is from one time of day to another, HH:MM at the school; both "" on a day without hours.
type Span struct{ From, To string }

// OfficeDays are the days of Office as its fields and its stored form name them.
var OfficeDays = [7]string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

// ReadOffice reads the hours as a school's row keeps them: {"mon":["08:30","16:00"],…}. What cannot be read is as
// if the school had not said it.
func ReadOffice(stored string) Office {
	var o Office
	var doc map[string]json.RawMessage
	if json.Unmarshal([]byte(stored), &doc) != nil {
		return o
	}
	for i, day := range OfficeDays {
		var pair [2]string
		if json.Unmarshal(doc[day], &pair) == nil && isClock(pair[0]) && isClock(pair[1]) {
			o.Days[i] = Span{pair[0], pair[1]}
		}
	}
	return o
}

// Stored is the form that ReadOffice reads; "" where nothing was said.
func (o Office) Stored() string {
	doc := map[string][2]string{}
	for i, s := range o.Days {
		if s.From != "" {
			doc[OfficeDays[i]] = [2]string{s.From, s.To}
		}
	}
	if len(doc) == 0 {
		return ""
	}
	data, err := json.Marshal(doc)
	if err != nil {
		panic(err) // texts can always be written
	}
	return string(data)
}

// Weekday is the name of a day of Office, as it stands on its own.
func Weekday(l *lang.Locale, day int) string {
	return l.Weekday(time.Date(2026, 11, 23+day, 12, 0, 0, 0, time.UTC)) // a Monday
}

func isClock(s string) bool {
	_, err := time.Parse("15:04", s)
	return err == nil && len(s) == 5
}

// SaveOffice changes when the school answers. Invalid: at "mon_from", "mon_to" …. Conflict: somebody else changed
// the school since version.
func (s *Service) SaveOffice(ctx context.Context, by auth.Actor, version int64, o Office) error {
	if err := by.May(auth.SchoolChange); err != nil {
		return err
	}
	var c errs.Check
	for i := range o.Days {
		d := &o.Days[i]
		d.From, d.To = clockTyped(d.From), clockTyped(d.To)
		from, to := OfficeDays[i]+"_from", OfficeDays[i]+"_to"
		c.That(d.From == "" || isClock(d.From), from, "Write a time as 08:30.")
		c.That(d.To == "" || isClock(d.To), to, "Write a time as 15:30.")
		c.That(d.From != "" || d.To == "", from, "Write when it begins, too.")
		c.That(d.To != "" || d.From == "", to, "Write when it ends, too.")
		c.That(!isClock(d.From) || !isClock(d.To) || d.From < d.To, to, "The end comes after the beginning.")
	}
	if err := c.Err(); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.SetSchoolOffice(ctx, q.SetSchoolOfficeParams{Office: o.Stored(), SchoolID: by.School.ID, Version: version})
		if err := lost(n, err); err != nil {
			return err
		}
		return s.note(ctx, tx, by, "school.office", by.School.PublicID, nil)
	})
}

// clockTyped is a time as people type it: "8:30", "8.30", "8u30" and "8h30" are 08:30.
func clockTyped(s string) string {
	typed := strings.TrimSuffix(strings.NewReplacer(".", ":", "u", ":", "h", ":", " ", "").Replace(strings.ToLower(s)), ":")
	for _, layout := range []string{"15:04", "15"} {
		if t, err := time.Parse(layout, typed); err == nil {
			return t.Format("15:04")
		}
	}
	return strings.TrimSpace(s)
}
