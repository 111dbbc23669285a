package messages

import (
	"time"

	"brug/internal/contact"
	"brug/internal/id"
	"brug/internal/messages/letter"
	"brug/internal/messages/road"
)

// Diverting: a road that is not configured sends nothing outside. In a demo, and for an operator who tries Brug out, what would
// have gone is kept in the outbox, and the letter counts as sent. A school at work is not told that: there such a road leads
// nowhere, as one without an address, and the next one is taken.

// closed are the roads that lead nowhere at this school's house.
func (s *Service) closed() map[contact.Road]bool {
	off := map[contact.Road]bool{}
	for _, r := range []contact.Road{contact.Mail, contact.SMS, contact.Push} {
		off[r] = !s.Divert && s.Carriers[r] == nil
	}
	return off
}

// kept is a row of the outbox.
type kept struct {
	PublicID    string       `json:"public_id"`
	RecipientID int64        `json:"recipient_id"`
	Road        contact.Road `json:"road"`
	To          string       `json:"to"`
	Lang        string       `json:"lang"`
	Title       string       `json:"title"`
	Text        string       `json:"text"`
	HTML        string       `json:"html"`
	At          int64        `json:"at"`
}

// divert keeps a letter instead of sending it.
func (c *trip) divert(now time.Time, by contact.Road) {
	p := c.parcels[0]
	k := &kept{PublicID: id.New(), RecipientID: c.row.ID, Road: by, To: p.To, Lang: p.Letters[0].Lang, At: millis(now)}
	switch by {
	case contact.Mail:
		k.Title, k.Text, k.HTML = letter.Mail(p.Letters)
	case contact.Push:
		k.To = "" // the address of a telephone's browser says nothing to anybody
		k.Title = letter.Subject(p.Letters)
		k.Text = k.Title
	default:
		k.Text = letter.SMS(p.Letters)
	}
	c.kept = k
	c.take(now, by, road.Result{Taken: true})
}
