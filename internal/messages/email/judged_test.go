package email

import (
	"bytes"
	"fmt"
	"maps"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"brug/internal/messages/letter"
	"brug/internal/messages/road"
)

// inLangs are letters as families get them, in languages of several scripts and both directions.
func inLangs() map[string]*letter.Letter {
	texts := map[string][2]string{
		"nl": {"Uitstap naar het bos", "Dinsdag 24 november gaan we naar het bos. Geef uw kind stevige schoenen mee. Hebt u die niet thuis? Geen probleem. Wij zorgen ervoor."},
		"fr": {"Sortie en forêt", "Mardi 24 novembre, nous allons en forêt. Donnez à votre enfant de bonnes chaussures. Vous n’en avez pas ? Pas de problème. Nous nous en occupons."},
		"ar": {"رحلة إلى الغابة", "يوم الثلاثاء 24 نوفمبر نذهب إلى الغابة. أعطوا طفلكم حذاءً متيناً. ليس لديكم؟ لا مشكلة. نحن نهتم بذلك."},
		"tr": {"Orman gezisi", "24 Kasım Salı günü ormana gidiyoruz. Çocuğunuza sağlam ayakkabı giydirin. Evde yok mu? Sorun değil. Biz hallederiz."},
		"uk": {"Прогулянка до лісу", "У вівторок, 24 листопада, ми йдемо до лісу. Дайте дитині міцне взуття. Не маєте такого? Нічого страшного. Ми подбаємо про це."},
		"ti": {"ናብ ጫካ ጉዕዞ", "ሰሉስ 24 ሕዳር ናብ ጫካ ክንከይድ ኢና። ንውላድኩም ጽኑዕ ጫማ ሃብዎ። ኣብ ገዛ የብልኩምን? ጸገም የለን።"},
		"zh": {"去森林郊游", "11月24日星期二，我们去森林。请给孩子穿结实的鞋子。家里没有吗？没关系。我们会准备。"},
	}
	out := map[string]*letter.Letter{}
	for lang, t := range texts {
		l := sample(lang, t[0], t[1])
		l.Notes = []letter.Piece{{Text: t[0], Lang: lang}}
		out[lang] = l
	}
	return out
}

var verdictLine = regexp.MustCompile(`(?m)^X-Spam-Status: \w+, score=(-?[0-9.]+)`)

// SpamAssassin with the rules that come with it, asking nobody on the network. A mail of ours must be far below the 5 points
// at which it calls something spam.
func TestNobodyTakesALetterForSpam(t *testing.T) {
	const most = 1.5
	if _, err := exec.LookPath("spamassassin"); err != nil {
		t.Fatal("spamassassin is not installed (bin/test brings it)")
	}
	all := inLangs()
	var box bytes.Buffer // one run for all: it reads its rules for seconds
	langs := slices.Sorted(maps.Keys(all))
	for _, lang := range langs {
		l := all[lang]
		p := road.Parcel{Key: "3467cdfghjkmnpqr", To: "nadia.haddad@example.org", Letters: []*letter.Letter{l}, At: time.Now(),
			ReplyTo: "reply+3467cdfghjkmnpqr.0a1b2c3d4e@brug.school-debrug.be", Unsubscribe: "https://brug.school-debrug.be/m/Zk3uKx0pQ1mB2nV4cX5zLw/unsubscribe"}
		l.Link, l.StopLink = "https://brug.school-debrug.be/m/Zk3uKx0pQ1mB2nV4cX5zLw/messages/3467cdfghjkmnpqr", "https://brug.school-debrug.be/m/Zk3uKx0pQ1mB2nV4cX5zLw/stop"
		w := writer{name: "Brug", from: "brug@school-debrug.be", domain: "school-debrug.be"}
		mail, err := w.appendMail(nil, p, &attached{})
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&box, "From brug@school-debrug.be %s\n%s\n", p.At.Format(time.ANSIC), bytes.ReplaceAll(mail, []byte("\r\n"), []byte("\n")))
	}
	judge := exec.Command("spamassassin", "-t", "-L", "--mbox", "--prefspath=/dev/null", "--cf=use_bayes 0", "--cf=use_auto_whitelist 0")
	judge.Stdin = &box
	var stderr bytes.Buffer
	judge.Stderr = &stderr
	out, err := judge.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, stderr.String())
	}
	verdicts := verdictLine.FindAllSubmatch(out, -1)
	if len(verdicts) != len(langs) {
		t.Fatalf("%d verdicts for %d mails: %s", len(verdicts), len(langs), out)
	}
	reports := strings.Split(string(out), "Content analysis details:")
	for i, lang := range langs {
		score, err := strconv.ParseFloat(string(verdicts[i][1]), 64)
		if err != nil {
			t.Fatal(err)
		}
		if score > most {
			t.Errorf("%s: %.1f points:%s", lang, score, reports[min(i+1, len(reports)-1)])
		}
		t.Logf("%s: %.1f points", lang, score)
	}
}

// What somebody reads whose mail program shows HTML as text.
func TestATextClientShowsALetterInOrder(t *testing.T) {
	if _, err := exec.LookPath("w3m"); err != nil {
		t.Fatal("w3m is not installed (bin/test brings it)")
	}
	for lang, l := range inLangs() {
		_, text, html := letter.Mail([]*letter.Letter{l})
		show := exec.Command("w3m", "-dump", "-cols", "72", "-T", "text/html", "-I", "UTF-8", "-O", "UTF-8")
		show.Env = []string{"HOME=" + t.TempDir(), "LC_ALL=C.UTF-8"}
		show.Stdin = strings.NewReader(html)
		out, err := show.Output()
		if err != nil {
			t.Fatal(err)
		}
		flat := func(s string) string {
			return strings.Map(func(r rune) rune {
				if r <= ' ' || r == '\u00a0' || '\u2066' <= r && r <= '\u2069' {
					return -1
				}
				return r
			}, s)
		}
		shown := flat(string(out))
		at := 0
		for _, want := range []string{l.School, l.Title.Text, l.Hello.Text, l.Blocks[0].Text, l.From, l.Phone} {
			next := strings.Index(shown[at:], flat(want))
			if next < 0 {
				t.Errorf("%s: %q does not come in its place:\n%s", lang, want, out)
				break
			}
			at += next
		}
		for _, junk := range []string{"<", ">", "&amp;", "style", "font"} {
			if strings.Contains(string(out), junk) {
				t.Errorf("%s: shows %q:\n%s", lang, junk, out)
			}
		}
		// The plain part says no less: whoever reads only that gets the link too.
		for _, want := range []string{l.Title.Text, l.Blocks[0].Text, l.Link, l.StopLink, l.Phone} {
			if !strings.Contains(flat(text), flat(want)) {
				t.Errorf("%s: the text part lacks %q", lang, want)
			}
		}
	}
}
