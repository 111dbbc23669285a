package authweb_test

import (
	"testing"

	"brug/internal/auth/authweb"
	"brug/internal/db"
)

func TestTheMailsOfADemoCanBeReadAndUsed(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	b.open("/demo/mails").Has(".empty")
	f := b.open("/reset").Form("main form")
	b.goesTo(b.submit(f.Set("email", directorsAt)), "/reset/sent")
	b.open("/reset/sent").Has("a[href='/demo/mails']")
	link := s.mailed(directorsAt)
	b.open("/demo/mails").HasNot("a[href='" + link + "']") // what still waits shows its text to nobody
	must(t, s.db.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.SQL().ExecContext(t.Context(), "update mails set state = 'diverted'") // as the job does where there is no server
		return err
	}))
	b.open("/demo/mails").Has("a[href='" + link + "']")
	b.open(link)
}

func TestOnlyADemoShowsMails(t *testing.T) {
	for _, demo := range []bool{true, false} {
		has := false
		for _, r := range (&authweb.Pages{Demo: demo}).Routes() {
			has = has || r.Pattern == "/demo/mails"
		}
		if has != demo {
			t.Errorf("demo %v: the page is there: %v", demo, has)
		}
	}
}
