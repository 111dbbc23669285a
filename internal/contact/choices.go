package contact

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"brug/internal/db"
	"brug/internal/db/q"
	"brug/internal/errs"
	"brug/internal/id"
	"brug/internal/journal"
	"brug/internal/lang"
)

// MaxAmount is how many messages a week a family can ask for at most.
const MaxAmount = 7

// Way is a road that a guardian can choose on the personal page. Address is masked unless the second step was taken; "" for
// roads that need none.
type Way struct {
	Road    Road
	Address string
}

type addresses struct {
	Email, Phone string
	roads        []string
	failed       map[Road]int64
	failedText   string
	Phones       int // browsers that get a sign
}

func (s *Service) addresses(ctx context.Context, query interface {
	GuardianAddresses(context.Context, q.GuardianAddressesParams) (q.GuardianAddressesRow, error)
}, g Guest) (addresses, error) {
	row, err := query.GuardianAddresses(ctx, q.GuardianAddressesParams{SchoolID: g.School.ID, ID: g.GuardianID})
	if err != nil {
		return addresses{}, fmt.Errorf("addresses of guardian: %w", err)
	}
	a := addresses{Email: row.Email, Phone: row.Phone, roads: strings.Fields(strings.ReplaceAll(row.Roads, ",", " ")), failed: map[Road]int64{}, failedText: row.Failed, Phones: int(row.Phones)}
	if row.Failed != "" {
		if err := json.Unmarshal([]byte(row.Failed), &a.failed); err != nil {
			return addresses{}, fmt.Errorf("failed roads of guardian: %w", err)
		}
	}
	return a, nil
}

// Ways are the roads that this guardian can choose now: those for which the school knows an address that works, a phone that
// gets signs, and paper.
func (s *Service) Ways(ctx context.Context, g Guest) ([]Way, error) {
	a, err := s.addresses(ctx, s.DB.Q(), g)
	if err != nil {
		return nil, err
	}
	shown := masked
	if g.Second {
		shown = func(address string) string { return address }
	}
	var out []Way
	if a.Phone != "" && a.failed[SMS] == 0 {
		out = append(out, Way{SMS, shown(a.Phone)})
	}
	if a.Email != "" && a.failed[Mail] == 0 {
		out = append(out, Way{Mail, shown(a.Email)})
	}
	if a.Phones > 0 && a.failed[Push] == 0 {
		out = append(out, Way{Push, ""})
	}
	return append(out, Way{Paper, ""}), nil
}

// NeedsSecond tells whether a change asks for the second step first: another road that leads to an address, so that who found
// a link cannot make messages go elsewhere unseen.
func (g Guest) NeedsSecond(c Choices) bool {
	return !g.Second && c.Road != g.Choices.Road && (c.Road == SMS || c.Road == Mail)
}

// Choose keeps what a guardian wants about what comes. The amount is for the whole household. Forbidden: the second step is
// to be taken first. Invalid at "lang", "road", "from", "to" or "amount".
func (s *Service) Choose(ctx context.Context, g Guest, c Choices) error {
	ways, err := s.Ways(ctx, g)
	if err != nil {
		return err
	}
	var check errs.Check
	check.That(c.Lang == "" || slices.Contains(lang.Family, c.Lang), "lang", "Choose one of the list.")
	check.That(c.Road == "" || slices.ContainsFunc(ways, func(w Way) bool { return w.Road == c.Road }), "road", "Choose one of the list.")
	check.That(clock(c.QuietFrom), "from", "Choose one of the list.")
	check.That(clock(c.QuietTo), "to", "Choose one of the list.")
	check.That(c.Amount >= 0 && c.Amount <= MaxAmount, "amount", "Choose one of the list.")
	if err := check.Err(); err != nil {
		return err
	}
	if g.NeedsSecond(c) {
		return errs.Forbiddenf("another road needs the second step")
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := tx.SetGuardianChoices(ctx, q.SetGuardianChoicesParams{SchoolID: g.School.ID, ID: g.GuardianID, PageLang: c.Lang, Road: string(c.Road), QuietFrom: c.QuietFrom, QuietTo: c.QuietTo, Weekend: c.Weekend}); err != nil {
			return fmt.Errorf("set choices: %w", err)
		}
		if c.Amount != g.Choices.Amount {
			if err := tx.SetHouseholdAmount(ctx, q.SetHouseholdAmountParams{SchoolID: g.School.ID, ID: g.HouseholdID, Amount: int64(c.Amount)}); err != nil {
				return fmt.Errorf("set amount: %w", err)
			}
		}
		return journal.Write(ctx, tx, journal.Entry{SchoolID: g.School.ID, Actor: "family", Action: "guardians.choose", Area: "guardians", Ref: g.Guardian,
			Detail: map[string]string{"lang": c.Lang, "road": string(c.Road), "from": c.QuietFrom, "to": c.QuietTo, "weekend": fmt.Sprint(c.Weekend), "amount": fmt.Sprint(c.Amount)}})
	})
}

// clock: "" or HH:MM.
func clock(s string) bool {
	if s == "" {
		return true
	}
	_, err := time.Parse("15:04", s)
	return err == nil && len(s) == 5
}

// ChooseLang remembers the language (one of lang.Family) that a guardian chose for the page and for all that comes.
func (s *Service) ChooseLang(ctx context.Context, g Guest, tag string) error {
	if !slices.Contains(lang.Family, tag) {
		return errs.NotFoundf("no pages for families in %q", tag)
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := tx.SetGuardianPageLang(ctx, q.SetGuardianPageLangParams{SchoolID: g.School.ID, ID: g.GuardianID, PageLang: tag}); err != nil {
			return fmt.Errorf("set language: %w", err)
		}
		return s.guestJournal(ctx, tx, g, "guardians.lang", g.Guardian)
	})
}

// StopGuest ends what comes to this guardian; others of the home go on. ResumeGuest begins again. Both are noted in the
// ledger; doing it twice is no error.
func (s *Service) StopGuest(ctx context.Context, g Guest) error {
	return s.StopBy(ctx, g, Link)
}

// StopBy is StopGuest by another road than the personal page: somebody sent STOP by SMS.
func (s *Service) StopBy(ctx context.Context, g Guest, by Road) error {
	return s.stopGuest(ctx, g, millis(s.Now()), "guardians.stop", by)
}

// ResumeGuest undoes StopGuest, and a stop of the whole household that was asked for on paper.
func (s *Service) ResumeGuest(ctx context.Context, g Guest) error {
	if g.Paused {
		if err := s.pause(ctx, Visit{School: g.School, HouseholdID: g.HouseholdID, Household: g.Household}, 0, "households.resume"); err != nil {
			return err
		}
	}
	return s.stopGuest(ctx, g, 0, "guardians.resume", Link)
}

func (s *Service) stopGuest(ctx context.Context, g Guest, at int64, action string, by Road) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.SetGuardianStopped(ctx, q.SetGuardianStoppedParams{SchoolID: g.School.ID, ID: g.GuardianID, StoppedAt: at})
		if err != nil || n == 0 {
			return err
		}
		if _, err := s.Log(ctx, tx, g.School.ID, []Entry{{HouseholdID: g.HouseholdID, GuardianID: g.GuardianID, Area: AreaStop, Ref: action, Road: by, Direction: In, Stage: Answered, Lang: g.Lang}}); err != nil {
			return err
		}
		return s.guestJournal(ctx, tx, g, action, g.Guardian)
	})
}

// NotMe ends a link that came to somebody else, and with it the phones that get signs. The addresses that could have carried
// it are marked as failed: nothing goes there until the school has looked at them. tell puts what the school is told into the
// same transaction.
func (s *Service) NotMe(ctx context.Context, g Guest, tell func(tx *db.Tx) error) error {
	now := s.Now()
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := s.endLink(ctx, tx, g.School.ID, g.GuardianID, "not me"); err != nil {
			return err
		}
		if _, err := tx.HoldFailed(ctx, list([]int64{g.GuardianID})); err != nil {
			return fmt.Errorf("failed roads: %w", err)
		}
		a, err := s.addresses(ctx, tx, g)
		if err != nil {
			return err
		}
		for road, address := range map[Road]string{Mail: a.Email, SMS: a.Phone} {
			if address != "" && a.failed[road] == 0 {
				a.failed[road] = millis(now)
			}
		}
		doc, err := json.Marshal(a.failed)
		if err != nil {
			return fmt.Errorf("failed roads: %w", err)
		}
		if len(a.failed) > 0 {
			if err := tx.SetGuardianFailed(ctx, q.SetGuardianFailedParams{SchoolID: g.School.ID, ID: g.GuardianID, Failed: string(doc)}); err != nil {
				return fmt.Errorf("failed roads: %w", err)
			}
		}
		if err := tell(tx); err != nil {
			return err
		}
		return s.guestJournal(ctx, tx, g, "links.notme", g.Guardian)
	})
}

// Phone is a browser that can be given a sign (Web Push): where, and the keys for it.
type Phone struct{ Endpoint, P256dh, Auth string }

// AddPhone lets this browser get a sign when something is on the page. Invalid when it is no address of a push service.
func (s *Service) AddPhone(ctx context.Context, g Guest, p Phone) error {
	var check errs.Check
	check.That(strings.HasPrefix(p.Endpoint, "https://") && len(p.Endpoint) <= 1000 && len(p.P256dh) > 0 && len(p.P256dh) <= 200 && len(p.Auth) > 0 && len(p.Auth) <= 100,
		"phone", "This did not work. Please try again.")
	if err := check.Err(); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.CountPhones(ctx, q.CountPhonesParams{SchoolID: g.School.ID, GuardianID: g.GuardianID})
		if err != nil {
			return fmt.Errorf("phones: %w", err)
		}
		if n >= 10 { // nobody has so many: an endless row of subscriptions would be one more thing to send to
			return tooMany(24 * time.Hour)
		}
		if err := tx.AddPhone(ctx, q.AddPhoneParams{PublicID: id.New(), SchoolID: g.School.ID, GuardianID: g.GuardianID, EndpointHash: id.Hash(p.Endpoint), Endpoint: p.Endpoint, P256dh: p.P256dh, Auth: p.Auth, CreatedAt: millis(s.Now())}); err != nil {
			return fmt.Errorf("add phone: %w", err)
		}
		return s.guestJournal(ctx, tx, g, "guardians.phone", g.Guardian)
	})
}

// EndPhone takes a browser off again.
func (s *Service) EndPhone(ctx context.Context, g Guest, endpoint string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		return tx.EndPhone(ctx, q.EndPhoneParams{SchoolID: g.School.ID, GuardianID: g.GuardianID, EndpointHash: id.Hash(endpoint), EndedAt: millis(s.Now())})
	})
}
