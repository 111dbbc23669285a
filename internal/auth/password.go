package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"brug/internal/errs"
)

// cost is what one password hash costs. OWASP's recommendation for argon2id: 19 MiB, two passes, one lane; about 40 ms.
type cost struct {
	memory uint32 // KiB
	time   uint32
	lanes  uint8
}

var today = cost{memory: 19 * 1024, time: 2, lanes: 1}

const (
	saltLen = 16
	hashLen = 32
	// MinPassword is the shortest password, in characters. Length is the one rule that helps (NIST SP 800-63B); rules
	// about digits and signs make people write passwords down.
	MinPassword = 10
	maxPassword = 200 // characters; a longer one would only make us work
)

// hasher makes and checks password hashes, a few at a time: each takes 19 MiB while it runs.
type hasher struct {
	cost  cost
	slots chan struct{}
	dummy string // what an address without an account is checked against
}

func newHasher(c cost) (*hasher, error) {
	h := &hasher{cost: c, slots: make(chan struct{}, max(2, runtime.NumCPU()))}
	var err error
	h.dummy, err = h.hash(context.Background(), rand.Text())
	return h, err
}

// hash gives the PHC string of a password: $argon2id$v=19$m=19456,t=2,p=1$SALT$HASH.
func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltLen)
	if _, err := rand.Read(salt); err != nil {
		return "", fmt.Errorf("salt: %w", err)
	}
	key, err := h.key(ctx, password, salt, h.cost, hashLen)
	if err != nil {
		return "", err
	}
	return h.cost.phc(salt, key), nil
}

// check tells whether the password fits the stored hash, and whether that hash is weaker than we make them today. An
// empty hash (an account that was never opened) takes as long as any other and never fits.
func (h *hasher) check(ctx context.Context, password, stored string) (fits, weak bool, err error) {
	known := stored != ""
	if !known {
		stored = h.dummy
	}
	c, salt, want, err := parsePHC(stored)
	if err != nil {
		return false, false, err
	}
	got, err := h.key(ctx, password, salt, c, uint32(len(want)))
	if err != nil {
		return false, false, err
	}
	fits = subtle.ConstantTimeCompare(got, want) == 1 && known
	return fits, c.memory < h.cost.memory || c.time < h.cost.time || len(want) < hashLen, nil
}

func (h *hasher) key(ctx context.Context, password string, salt []byte, c cost, n uint32) ([]byte, error) {
	select {
	case h.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-h.slots }()
	// One form for é typed as one sign or as two, which depends on the keyboard.
	return argon2.IDKey([]byte(norm.NFC.String(password)), salt, c.time, c.memory, c.lanes, n), nil
}

func (c cost) phc(salt, key []byte) string {
	enc := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.memory, c.time, c.lanes, enc(salt), enc(key))
}

var errPHC = errors.New("auth: stored password is no argon2id hash")

func parsePHC(s string) (c cost, salt, key []byte, err error) {
	part := strings.Split(s, "$")
	if len(part) != 6 || part[0] != "" || part[1] != "argon2id" || part[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return c, nil, nil, errPHC
	}
	if _, err := fmt.Sscanf(part[3], "m=%d,t=%d,p=%d", &c.memory, &c.time, &c.lanes); err != nil || c.time < 1 || c.lanes < 1 {
		return c, nil, nil, errPHC
	}
	salt, err = base64.RawStdEncoding.DecodeString(part[4])
	if err == nil {
		key, err = base64.RawStdEncoding.DecodeString(part[5])
	}
	if err != nil || len(salt) < 8 || len(key) < 16 {
		return c, nil, nil, errPHC
	}
	return c, salt, key, nil
}

// checkPassword records at field what is wrong with a new password. near is what everybody can guess: the person's
// address and the names of the school.
func checkPassword(c *errs.Check, field, password string, near ...string) {
	n := utf8.RuneCountInString(password)
	c.That(n >= MinPassword, field, "Choose a password of at least {n} characters. A few words in a row are easy to remember.", "n", MinPassword)
	c.That(n <= maxPassword, field, "This password is too long. At most {n} characters.", "n", maxPassword)
	c.That(!tooCommon(password, near...), field, "Too many people would guess this password. Choose another one, for instance a few words in a row.")
}

// tooCommon tells whether a password is on the list of those that are tried first, with digits and signs before or after
// it or not, or is nothing but what everybody knows of this person.
func tooCommon(password string, near ...string) bool {
	whole := letters(password)
	stem := strings.TrimFunc(whole, unicode.IsDigit)
	if commonPasswords[whole] || stem != "" && (commonPasswords[stem] || isRepeated(stem)) {
		return true
	}
	for _, n := range near {
		known := []string{letters(n)}
		if local, host, ok := strings.Cut(n, "@"); ok {
			site, _, _ := strings.Cut(host, ".")
			known = append(known, letters(local), letters(host), letters(site))
		}
		for _, k := range known {
			if len(k) > 2 && (whole == k || stem == k || stem == strings.TrimFunc(k, unicode.IsDigit)) {
				return true
			}
		}
	}
	return false
}

// isRepeated: the same common word twice or more.
func isRepeated(stem string) bool {
	for n := 1; n <= len(stem)/2; n++ {
		if len(stem)%n == 0 && strings.Repeat(stem[:n], len(stem)/n) == stem && (n == 1 || commonPasswords[stem[:n]]) {
			return true
		}
	}
	return false
}

// letters are the letters and digits of s, small and without accents.
func letters(s string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(s) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

// commonPasswords are words and rows of keys that are tried first in schools here: Dutch, French and English. Those under
// ten characters count when digits or signs make them long enough.
var commonPasswords = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(`
		1234567890 12345678910 0123456789 9876543210 0987654321 1234512345 1122334455 123123123123 1234567891011 102030405060
		qwertyuiop qwerty qwertyazerty azertyuiop azerty qsdfghjklm asdfghjkl asdfghjklm zxcvbnm wxcvbn qwer asdf
		1q2w3e4r5t 1a2z3e4r5t 1qaz2wsx3edc q1w2e3r4t5 a1z2e3r4t5 abc abcdef abcdefg abcdefghij abcdefghijk
		wachtwoord wachtwoorden mijnwachtwoord nieuwwachtwoord geheim geheimpje welkom welkomterug hallo hallohallo
		goedemorgen goeiemorgen iloveyou ikhouvanjou ikhouvanje liefje schatje knuffel zonneschijn vlinder
		school opschool basisschool kleuterschool lagereschool juf juffrouw meester leerkracht leraar lerares directeur
		directie kleuter kleuters zorg zorgteam oudercontact klas schoolbord brug lente zomer herfst winter januari februari
		maart april mei juni juli augustus september oktober november december maandag vrijdag weekend vakantie
		belgie belgium vlaanderen brussel antwerpen gent nederland amsterdam rotterdam anderlecht feyenoord clubbrugge
		motdepasse monmotdepasse nouveaumotdepasse secret bienvenue bonjour bonjour jetaime jetaimefort soleil chocolat
		doudou loulou ecole lecole maternelle primaire maitresse maitre professeur institutrice directrice printemps ete
		automne hiver vacances belgique bruxelles anderlecht standard
		password mypassword newpassword passw0rd passwort changeme letmein welcome welcomeback admin administrator
		teacher teachers director principal sunshine princess football baseball basketball superman batman pokemon
		starwars trustno monkey dragon master shadow whatever computer internet default temporary guest
		test testtest tester test test demo`) {
		m[w] = true
	}
	return m
}()
