package auth

import (
	"context"
	"strings"
	"testing"
	"time"

	"brug/internal/errs"
)

func TestPasswordsThatAreRefused(t *testing.T) {
	near := []string{"els.peeters@deregenboog.be", "Els Peeters", "De Regenboog"}
	for _, c := range []struct {
		name, password string
		ok             bool
	}{
		{"a few words", "drie fietsen bij de poort", true},
		{"ten characters are enough", "vbkrmlqtza", true},
		{"nine are not", "vbkrmlqtz", false},
		{"characters are counted, not bytes", "ëëàçñüøåßæ", true},
		{"another alphabet", "ሰላምእንዴትነህወይ", true},
		{"no digit or sign is asked for", "paardenbloem", true},
		{"a common word with a year", "Welkom2026!", false},
		{"a common word with digits before it", "2026Wachtwoord", false},
		{"the same common word twice", "schoolschool", false},
		{"one letter again and again", "aaaaaaaaaaaa", false},
		{"a row of keys", "azertyuiop", false},
		{"digits in order", "1234567890", false},
		{"in French", "motdepasse1", false},
		{"with accents", "École-École", false},
		{"the own address", "els.peeters@deregenboog.be", false},
		{"the own name", "Els Peeters 1", false},
		{"the name of the school with a year", "DeRegenboog2026", false},
		{"the site of the school", "deregenboog.be", false},
		{"the name of the school within more words", "bij de regenboog om vier uur", true},
		{"too long to be meant", strings.Repeat("fietspomp", 30), false},
	} {
		var check errs.Check
		checkPassword(&check, "password", c.password, near...)
		if check.OK() != c.ok {
			t.Errorf("%s: %q: ok %v, want %v (%v)", c.name, c.password, check.OK(), c.ok, check.Err())
		}
	}
}

func TestPasswordHash(t *testing.T) {
	ctx := context.Background()
	h, err := newHasher(cost{memory: 64, time: 1, lanes: 1})
	if err != nil {
		t.Fatal(err)
	}
	one, err := h.hash(ctx, "café au lait")
	if err != nil {
		t.Fatal(err)
	}
	two, err := h.hash(ctx, "café au lait")
	if err != nil {
		t.Fatal(err)
	}
	if one == two {
		t.Error("two hashes of one password are the same: no salt")
	}
	if !strings.HasPrefix(one, "$argon2id$v=19$m=64,t=1,p=1$") {
		t.Errorf("not a PHC string: %s", one)
	}
	strict, err := newHasher(cost{memory: 128, time: 1, lanes: 1})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, password, stored string
		with                   *hasher
		fits, weak             bool
	}{
		{"the password", "café au lait", one, h, true, false},
		{"with the accent typed as a sign of its own", "cafe\u0301 au lait", one, h, true, false},
		{"another one", "cafe au lait", one, h, false, false},
		{"no password was ever set", "café au lait", "", h, false, false},
		{"made with less work than today", "café au lait", one, strict, true, true},
	} {
		fits, weak, err := c.with.check(ctx, c.password, c.stored)
		if err != nil || fits != c.fits || weak != c.weak {
			t.Errorf("%s: fits %v weak %v (%v), want %v %v", c.name, fits, weak, err, c.fits, c.weak)
		}
	}
	for _, broken := range []string{"plain", "$argon2i$v=19$m=64,t=1,p=1$AAAA$AAAA", "$argon2id$v=19$m=64,t=0,p=1$AAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAA", one + "$x"} {
		if _, _, err := h.check(ctx, "x", broken); err == nil {
			t.Errorf("stored %q: no error", broken)
		}
	}
}

func TestTodaysHashIsWhatWeSaid(t *testing.T) {
	if today != (cost{memory: 19456, time: 2, lanes: 1}) {
		t.Errorf("cost %+v: OWASP asks for 19 MiB, two passes, one lane", today)
	}
}

func TestHashingWaitsForItsTurn(t *testing.T) {
	h, err := newHasher(cost{memory: 64, time: 1, lanes: 1})
	if err != nil {
		t.Fatal(err)
	}
	for range cap(h.slots) {
		h.slots <- struct{}{}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := h.hash(ctx, "x"); err == nil {
		t.Error("hashed while all places were taken")
	}
	if _, _, err := h.check(ctx, "x", ""); err == nil {
		t.Error("an address without an account costs no hash, which shows")
	}
}

func TestThrottleWaits(t *testing.T) {
	l := limit{"x", 3, 10 * time.Minute}
	start := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name  string
		after time.Duration
		tries int64
		want  time.Duration
	}{
		{"the first", 0, 1, 0},
		{"the last that is allowed", time.Minute, 3, 0},
		{"one too many", time.Minute, 4, 9 * time.Minute},
		{"at the end there is still something to wait", 10 * time.Minute, 4, time.Second},
	} {
		if got := l.wait(start.Add(c.after), start, c.tries); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestDeviceInPlainWords(t *testing.T) {
	for _, c := range []struct{ agent, browser, system string }{
		{"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0", "Firefox", "Windows"},
		{"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0", "Edge", "Windows"},
		{"Mozilla/5.0 (Linux; Android 14; SM-A155F) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36", "Samsung Internet", "Android"},
		{"Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1", "Safari", "iPhone"},
		{"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36", "Chrome", "Mac"},
		{"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36", "Chrome", "Chromebook"},
		{"curl/8.5", "", ""},
	} {
		got := ReadDevice(c.agent)
		if got != (Device{c.browser, c.system}) {
			t.Errorf("%s: %+v", c.agent, got)
		}
		if back := deviceFrom(got.String()); back != got {
			t.Errorf("stored %q comes back as %+v", got, back)
		}
	}
}

func TestSlugsOfSchools(t *testing.T) {
	for _, c := range []struct{ name, town, want string }{
		{"De Regenboog", "Gent", "de-regenboog de-regenboog-gent de-regenboog-gent-2"},
		{"École Saint-Exupéry", "Liège", "ecole-saint-exupery ecole-saint-exupery-liege ecole-saint-exupery-liege-2"},
		{"GBS 't Klavertje (Vier)", "", "gbs-t-klavertje-vier gbs-t-klavertje-vier-2 gbs-t-klavertje-vier-3"},
		{"Sint-Jan Gent", "Gent", "sint-jan-gent sint-jan-gent-2 sint-jan-gent-3"},
		{"Øster Straße", "Æ", "oster-strasse oster-strasse-ae oster-strasse-ae-2"},
		{"مدرسة", "", "school school-2 school-3"},
	} {
		if got := strings.Join(slugs(c.name, c.town)[:3], " "); got != c.want {
			t.Errorf("%s, %s: %s, want %s", c.name, c.town, got, c.want)
		}
	}
	long := slug("Vrije gesubsidieerde basisschool Onze-Lieve-Vrouw van de zeven wonderen")
	if len(long) > maxSlug || strings.HasSuffix(long, "-") || !validSlug(long) {
		t.Errorf("long name: %q", long)
	}
	for _, bad := range []string{"", "A", "a b", "-a", "a-", "a/b", "é"} {
		if validSlug(bad) {
			t.Errorf("%q can be a slug", bad)
		}
	}
}

func TestClassesInTheOrderOfASchool(t *testing.T) {
	var classes []Class
	for i, n := range strings.Fields("10A 2B 2a K1 K10 K2 1C 02C") {
		classes = append(classes, Class{ID: int64(i), Name: n})
	}
	sortClasses(classes)
	var got []string
	for _, c := range classes {
		got = append(got, c.Name)
	}
	if s := strings.Join(got, " "); s != "1C 2a 2B 02C 10A K1 K2 K10" {
		t.Error(s)
	}
}

func TestAddresses(t *testing.T) {
	for s, want := range map[string]bool{
		"els@school.be": true, "els.peeters+brug@sub.school.be": true, "els": false, "els@": false, "@school.be": false,
		"Els <els@school.be>": false, "els@school.be\r\nBcc: all@school.be": false, "els @school.be": false,
		strings.Repeat("a", 250) + "@b.be": false, "els@school.be, jan@school.be": false,
	} {
		if validEmail(s) != want {
			t.Errorf("%q: %v", s, !want)
		}
	}
	if foldEmail(" Els@School.BE ") != foldEmail("els@school.be") {
		t.Error("capitals make another account")
	}
	if got := line("  Els \r\n Bcc:\tx\x00 "); got != "Els Bcc: x" {
		t.Errorf("%q", got)
	}
}

func TestWhoMayWhat(t *testing.T) {
	for _, c := range []struct {
		role Role
		p    Permission
		want errs.Kind
	}{
		{Nobody, SignedIn, errs.SignIn},
		{Nobody, StaffSee, errs.SignIn},
		{Visitor, StaffSee, errs.Forbidden},
		{Teacher, StaffSee, errs.Forbidden},
		{Care, StaffChange, errs.Forbidden},
		{Support, FamiliesSee, errs.Forbidden},
		{Support, SchoolSee, errs.Forbidden},
		{Director, SupportDesk, errs.Forbidden},
	} {
		if err := (Actor{Role: c.role}).May(c.p); !errs.Is(err, c.want) {
			t.Errorf("%q, %s: %v", c.role, c.p, err)
		}
	}
	for _, a := range []struct {
		role Role
		p    Permission
	}{{Nobody, Public}, {Visitor, SignedIn}, {Support, SignedIn}, {Director, StaffChange}, {System, SupportDesk}} {
		if err := (Actor{Role: a.role}).May(a.p); err != nil {
			t.Errorf("%q, %s: %v", a.role, a.p, err)
		}
	}
	teacher := Actor{Role: Teacher, Classes: []Class{{ID: 1}}}
	if teacher.MayClass(FamiliesSee, 1) != nil || !errs.Is(teacher.MayClass(FamiliesSee, 2), errs.Forbidden) {
		t.Error("a teacher sees the families of the own classes, and no others")
	}
}

func TestTheLastDirectorStays(t *testing.T) {
	for _, c := range []struct {
		name   string
		role   Role
		joined bool
		others int64
		want   bool
	}{
		{"the only director", Director, true, 0, false},
		{"one of two", Director, true, 1, true},
		{"a director who was only invited", Director, false, 0, true},
		{"a teacher", Teacher, true, 0, true},
	} {
		if got := mayLose(c.role, c.joined, c.others); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
