package messages

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"brug/internal/contact"
	"brug/internal/messages/road"
	"brug/internal/school"
)

// gate is a road on which everything stands still until it is opened: then one batch goes by for each time.
type gate struct {
	van
	waits chan string // the letters of a batch that came to it
	open  chan struct{}
}

func (g *gate) Carry(ctx context.Context, parcels []road.Parcel, done func(int, road.Result)) {
	var titles []string
	for _, p := range parcels {
		titles = append(titles, p.Letters[0].Title.Text)
	}
	g.waits <- strings.Join(titles, "+")
	<-g.open
	g.van.Carry(ctx, parcels, done)
}

// TestASlowRoadKeepsNoOtherWaitingAndWhatIsUrgentGoesFirst: while the mail server stands still, what goes by SMS goes; and when mail moves again, what
// became urgent meanwhile goes before what waited longer.
func TestASlowRoadKeepsNoOtherWaitingAndWhatIsUrgentGoesFirst(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		crowd(o.World, claims+4)
		mail := &gate{waits: make(chan string), open: make(chan struct{})}
		o.s.Carriers = map[contact.Road]road.Carrier{contact.Mail: mail, contact.SMS: o.sms}
		text := make(chan string, 1)
		o.sms.answer = func(p road.Parcel) road.Result {
			text <- p.Letters[0].Title.Text
			return road.Result{Taken: true}
		}
		family := 0
		send := func(title string, change ...func(*Draft)) {
			t.Helper()
			family++
			to := func(d *Draft) { d.To = To{Kind: school.ScopeHousehold, IDs: []string{fmt.Sprint("h", family)}} }
			o.send(title, append(change, to)...)
			_, err := o.s.Plan(o.Ctx)
			o.OK(err)
		}
		get := func(from chan string, want string) {
			t.Helper()
			select {
			case got := <-from:
				o.want("next", got, want)
			case <-time.After(time.Minute):
				t.Fatalf("%q does not come", want)
			}
		}
		carried := make(chan error, 1)
		send("mail 1")
		go func() {
			_, err := o.s.Carry(o.Ctx)
			carried <- err
		}()
		get(mail.waits, "mail 1")
		for i := 2; i <= claims; i++ {
			send(fmt.Sprint("mail ", i))
			get(mail.waits, fmt.Sprint("mail ", i))
		}
		// The road is full now.
		send("mail that waits")
		o.exec("update guardians set roads = 'sms,paper' where id = $1", 100000+family+1)
		send("sms")
		get(text, "sms")
		send("mail in a hurry", func(d *Draft) { d.Urgent, d.WhyUrgent = true, "De school is dicht." })
		o.want("the letter that waits", o.rows(fmt.Sprint("Ouder ", claims+1)), "mail that waits waiting  [mail,sms,paper]")

		mail.open <- struct{}{}
		get(mail.waits, "mail in a hurry")
		mail.open <- struct{}{}
		get(mail.waits, "mail that waits")
		close(mail.open)
		select {
		case err := <-carried:
			o.OK(err)
		case <-time.After(time.Minute):
			t.Fatal("it does not end")
		}
		if n := o.count("select count(*) from recipients where state = 'sent'"); n != claims+3 {
			t.Errorf("%d letters went", n)
		}
		if n := o.count("select count(*) from messages where state = 'finished'"); n != claims+3 {
			t.Errorf("%d messages are done", n)
		}
	})
}
