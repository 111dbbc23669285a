package messages

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"brug/internal/auth"
	"brug/internal/contact"
	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/messages/letter"
	"brug/internal/plain"
)

// Preview is what would become of a draft, told before it is sent.
type Preview struct {
	People   int // recipients: guardians who get it by name, and papers "to the family of"
	Homes    int // households
	NoName   int // of People, those where nobody may be written to by name
	Quiet    int // of People, those who asked for a rest: nothing goes out
	Roads    []RoadCount
	Langs    []LangPreview // most people first
	SMSParts int           // all together
	SMSCost  int           // thousandths of a euro; 0 where nobody said what a part costs
	Later    []Later       // those who get it later than asked, the soonest first
}

// RoadCount is how many go by a road. Road "" has those whom no road reaches: a task for a person.
type RoadCount struct {
	Road  contact.Road
	Count int
}

// LangPreview is the letter in one language, about the children of one of its readers.
type LangPreview struct {
	Lang     string // as families have it, BCP 47
	People   int
	Letter   *letter.Letter
	Lacks    bool   // some words are not there in this language
	Machine  bool   // of these, a machine translates the free text before it goes; Letter has it as it is now
	SMS      string // as one would get it
	Parts    int    // SMS parts of it
	Encoding plain.Encoding
	BySMS    int // how many get it so
}

// errOnlyShown ends the transaction of a preview.
var errOnlyShown = errors.New("messages: a preview is not kept")

// Preview counts who would get a draft, and shows it in each of their languages. The same errors as Send. It does what Send
// does, in a transaction that is taken back: so it cannot tell anything else than what would happen.
func (s *Service) Preview(ctx context.Context, by auth.Actor, d Draft) (p Preview, err error) {
	if err := by.May(auth.MessagesSend); err != nil {
		return p, err
	}
	d.ID = ""
	r, a, err := s.ready(ctx, by, d)
	if err != nil {
		return p, err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		p = Preview{}
		mid, n, err := s.write(ctx, tx, by, r, a)
		if err != nil {
			return err
		}
		p.People = int(n)
		homes, err := tx.PreviewHomes(ctx, q.PreviewHomesParams{SchoolID: by.School.ID, MessageID: mid})
		if err != nil {
			return fmt.Errorf("homes of preview: %w", err)
		}
		p.Homes = int(homes)
		rows, err := tx.PreviewRecipients(ctx, q.PreviewRecipientsParams{SchoolID: by.School.ID, MessageID: mid})
		if err != nil {
			return fmt.Errorf("recipients of preview: %w", err)
		}
		if err := s.preview(ctx, tx, by, &p, rows); err != nil {
			return err
		}
		have := append(sortedTags(r.Texts), r.Lang)
		for i, l := range p.Langs {
			p.Langs[i].Machine = r.translates && l.Lacks && len(lackingLangs([]string{l.Lang}, have)) > 0
		}
		if p.Later, err = s.foresee(ctx, tx, by.School.ID, mid, r.due); err != nil {
			return err
		}
		return errOnlyShown
	})
	if !errors.Is(err, errOnlyShown) {
		return Preview{}, err
	}
	return p, nil
}

func (s *Service) preview(ctx context.Context, tx *db.Tx, by auth.Actor, p *Preview, rows []q.PreviewRecipientsRow) error {
	var examples []int64
	roads, langs := map[contact.Road]int{}, map[string]*LangPreview{}
	example := map[int64]string{}
	closed := s.closed()
	for _, r := range rows {
		n := int(r.People)
		l := langs[r.Lang]
		if l == nil {
			l = &LangPreview{Lang: r.Lang}
			langs[r.Lang] = l
			examples = append(examples, r.Example)
			example[r.Example] = r.Lang
		}
		l.People += n
		if r.Nameless {
			p.NoName += n
		}
		if r.Quiet {
			p.Quiet += n
			continue
		}
		first := firstRoad(r, closed)
		roads[first] += n
		if first == contact.SMS {
			l.BySMS += n
		}
	}
	found, err := tx.RecipientsByID(ctx, q.RecipientsByIDParams{SchoolID: by.School.ID, Ids: ids(examples)})
	if err != nil {
		return fmt.Errorf("examples of preview: %w", err)
	}
	letters, err := s.lettersWith(ctx, tx.Queries, found, true)
	if err != nil {
		return err
	}
	outside, err := s.lettersWith(ctx, tx.Queries, found, false) // what is sensitive goes out without its words
	if err != nil {
		return err
	}
	for _, r := range found {
		l := langs[example[r.ID]]
		link := s.exampleLink(r.PublicID)
		l.Letter = letters.letterFor(r, "", "")
		l.Lacks = l.Letter.Lacks
		l.SMS = letter.SMS([]*letter.Letter{outside.letterFor(r, link, "")})
		count := plain.Count(l.SMS)
		l.Parts, l.Encoding = count.Segments, count.Encoding
		p.SMSParts += l.Parts * l.BySMS
	}
	p.SMSCost = p.SMSParts * s.SMSCost
	for road, n := range roads {
		p.Roads = append(p.Roads, RoadCount{road, n})
	}
	slices.SortFunc(p.Roads, func(a, b RoadCount) int { return cmp.Or(b.Count-a.Count, cmp.Compare(a.Road, b.Road)) })
	for _, l := range langs {
		p.Langs = append(p.Langs, *l)
	}
	slices.SortFunc(p.Langs, func(a, b LangPreview) int { return cmp.Or(b.People-a.People, cmp.Compare(a.Lang, b.Lang)) })
	return nil
}

// firstRoad is the road that a recipient would get it by; "" where none leads anywhere.
func firstRoad(r q.PreviewRecipientsRow, closed map[contact.Road]bool) contact.Road {
	p := person{failed: failedRoads(r.Failed), closed: closed}
	if r.HasMail {
		p.mail = "there"
	}
	if r.HasPhone {
		p.phone = "there"
	}
	if r.HasPush {
		p.phones = 1
	}
	if roads := p.left(roadsOf(r.Roads)); len(roads) > 0 {
		return roads[0]
	}
	return ""
}

// exampleLink is as long as a link to the personal page: so an SMS is counted as it will be.
func (s *Service) exampleLink(recipient string) string {
	return s.BaseURL + contact.LinkPath(strings.Repeat("x", 22)) + "/messages/" + recipient
}
