package app_test

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"brug/internal/app"
	"brug/internal/auth"
	"brug/internal/db/dbtest"
	"brug/internal/demo"
	"brug/internal/id"
	"brug/internal/lang"
)

// TestTheFirstBridge is the whole story in a real browser, once with script and once without, once on each engine: a school gets its login,
// brings in its list, a teacher prints a slip for the class; a parent scans the code from the paper and asks something; the
// teacher sees it, hands the rest out; the parent stops contact and takes it up again; another one types the short code.
func TestTheFirstBridge(t *testing.T) {
	long(t)
	chrome := browser(t)
	for name, s := range map[string]*story{
		"with script":    {script: true, url: dbtest.SQLiteURL},
		"without script": {script: false, url: dbtest.PostgresURL},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s.t, s.chrome = t, chrome
			s.open()
			director := s.directorSignsIn()
			s.bringsInTheList(director)
			teacher := s.teacherIsInvited(director)
			pdf := s.prints(teacher)
			paper := s.paperOf(pdf, "Mohammed")
			parent := s.parentAsks(paper)
			s.teacherSees(teacher)
			s.parentStopsAndResumes(parent, teacher)
			s.anotherTypesTheCode(paper)
		})
	}
}

const (
	password = "een brug naar huis 27"
	question = "متى تبدأ الرحلة؟"
	class    = "3A"
)

// story is one school on a program of its own.
type story struct {
	t      *testing.T
	chrome context.Context
	script bool
	url    func(testing.TB) string // of an empty database
	app    *app.App
	site   string
	join   string // the director's invitation
	class  string // address of the class page
	pack   string // address of the page of the pack
}

// open starts the program as brug serve does, with an empty school and an invited director.
func (s *story) open() {
	s.t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	s.ok(err)
	s.site = "http://" + listener.Addr().String()
	s.app, err = app.Open(s.t.Context(), app.Config{DB: s.url(s.t), Data: s.t.TempDir(), BaseURL: s.site,
		Log: slog.New(slog.NewTextHandler(said{s.t}, &slog.HandlerOptions{Level: slog.LevelError}))})
	s.ok(err)
	s.t.Cleanup(func() {
		if err := s.app.Close(); err != nil {
			s.t.Errorf("close: %v", err)
		}
	})
	s.ok(s.app.Start(s.t.Context()))
	server := &httptest.Server{Listener: listener, Config: &http.Server{Handler: s.app.Handler}}
	server.Start()
	s.t.Cleanup(server.Close)
	operator := auth.Actor{Role: auth.System, Name: "operator"}
	school, err := s.app.Auth.CreateSchool(s.t.Context(), operator, auth.NewSchool{Name: "De Wilg", Town: "Molenbeek", Email: "info@dewilg.example", Phone: "+3225550100", Lang: "nl", Timezone: "Europe/Brussels"})
	s.ok(err)
	made, err := s.app.Auth.CreateAccount(s.t.Context(), operator, auth.NewAccount{School: school, Name: "Griet Verhaegen", Email: "griet@dewilg.example", Lang: "nl", Role: auth.Director})
	s.ok(err)
	s.join = made.Link
}

// said puts what the program logs as an error into the test.
type said struct{ t *testing.T }

func (s said) Write(b []byte) (int, error) {
	s.t.Errorf("the program says: %s", b)
	return len(b), nil
}

func (s *story) ok(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *story) staff(who string) *tab {
	return newTab(s.t, s.chrome, s.site, who, "nl", 1280, s.script)
}

// phone is a parent with a small phone.
func (s *story) phone(who, tag string) *tab {
	return newTab(s.t, s.chrome, s.site, who, tag, 360, s.script)
}

func (s *story) directorSignsIn() *tab {
	s.t.Helper()
	b := s.staff("director")
	b.open(s.join)
	b.fill("name", "Griet Verhaegen")
	b.fill("password", password)
	b.press(b.T("Say yes and begin"))
	b.reads(b.T("Bring in your school's list"))
	b.press("Griet Verhaegen")
	b.press(b.T("Sign out"))
	b.fill("email", "griet@dewilg.example")
	b.fill("password", password)
	b.press(b.T("Sign in"))
	b.reads(b.T("Bring in your school's list"))
	return b
}

// bringsInTheList sends the school's own list, as it is, through all four pages, and then once more: nothing is new.
func (s *story) bringsInTheList(b *tab) {
	s.t.Helper()
	file := filepath.Join(s.t.TempDir(), "de-wilg.csv")
	s.ok(os.WriteFile(file, demo.Roster, 0o600))
	pupils := bytes.Count(demo.Roster, []byte("\n")) - 1
	for _, first := range []bool{true, false} {
		if first {
			b.pressIn("main", b.T("Bring in a list"))
		} else {
			b.open(eval[string](b, `location.pathname.replace(/import.*/, 'import')`))
		}
		b.do("choose the file", chromedp.SetUploadFiles(chromedp.CSS(`[name="file"]`), []string{file}))
		b.press(b.T("Look at the list"))
		b.reads("Stamnummer", b.T("Is read as"))
		b.press(b.T("See what would change"))
		if first {
			b.reads(b.T("On the list"), fmt.Sprint(pupils), class)
			b.pressIn("main form", b.T("Bring in"))
			s.await(b, b.T("To the classes"))
			b.reads(fmt.Sprint(pupils))
		} else {
			b.reads(b.T("Nothing is new: everything on this list stands in Brug already."))
		}
	}
}

// teacherIsInvited: the director invites, the mail brings the link, the teacher begins.
func (s *story) teacherIsInvited(director *tab) *tab {
	s.t.Helper()
	director.press(director.T("School"))
	director.open(eval[string](director, `location.pathname.split('/').slice(0, 3).join('/') + '/staff/new'`))
	director.fill("name", "Els Daems")
	director.fill("email", "els@dewilg.example")
	director.touch(director.words.C("role", "teacher"))
	director.touch(class)
	director.press(director.T("Send the invitation"))
	director.reads("Els Daems")

	var body string
	s.ok(s.app.Base.SQL().QueryRow("select body_text from mails where to_addr = 'els@dewilg.example'").Scan(&body))
	link := regexp.MustCompile(regexp.QuoteMeta(s.site) + `/welcome/\S+`).FindString(body)
	if link == "" {
		s.t.Fatalf("no link in the mail: %s", body)
	}
	b := s.staff("teacher")
	b.open(html.UnescapeString(link))
	b.fill("name", "Els Daems")
	b.fill("password", password)
	b.press(b.T("Say yes and begin"))
	b.reads(b.T("Who to reach next"))
	return b
}

// prints goes from the class to the PDF, and gives it.
func (s *story) prints(b *tab) []byte {
	s.t.Helper()
	b.press(b.T("Class {name}", "name", class))
	s.class = eval[string](b, `location.pathname`)
	b.press(b.T("Print slips"))
	b.choose("material", slip(b))
	b.press(b.T("Next"))
	b.press(b.T("Make the PDF"))
	s.pack = eval[string](b, `location.pathname`)
	s.await(b, b.T("Open the PDF"))
	address := eval[string](b, `[...document.querySelectorAll('main a')].map(a => a.href).find(h => h.endsWith('.pdf')) ?? ''`)
	if address == "" {
		b.fatalf("no link to a PDF")
	}
	return s.download(b, address)
}

// slip is the name of the first question slip.
func slip(b *tab) string {
	b.t.Helper()
	name := eval[string](b, `document.querySelector('select[name="material"] optgroup[label="'+`+strconv.Quote(b.T("Question slips"))+`+'"] option')?.text ?? ''`)
	if name == "" {
		b.fatalf("no slip to choose")
	}
	return name
}

// await waits until the page says this: with script it does so by itself, without one it is asked again.
func (s *story) await(b *tab, words string) {
	s.t.Helper()
	for deadline := time.Now().Add(patience); !strings.Contains(b.glimpse(), words); time.Sleep(200 * time.Millisecond) {
		if time.Now().After(deadline) {
			b.fatalf("%q never came", words)
		}
		if !s.script {
			b.arrive("look again", chromedp.Reload())
		}
	}
	b.look()
}

// download fetches a PDF as the browser of this person would.
func (s *story) download(b *tab, address string) []byte {
	s.t.Helper()
	answer := s.fetch(b, address)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	s.ok(err)
	if answer.StatusCode != http.StatusOK || !bytes.HasPrefix(body, []byte("%PDF-")) {
		s.t.Fatalf("%s: %s, %.100s", address, answer.Status, body)
	}
	return body
}

// fetch asks for an address with the cookies of this person.
func (s *story) fetch(b *tab, address string) *http.Response {
	s.t.Helper()
	request, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, address, nil)
	s.ok(err)
	b.do("read the cookies", chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		jar, err := cdp.Call(ctx, t, network.GetCookies, network.GetCookiesParams{URLs: []string{address}})
		for _, c := range jar.Cookies {
			request.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value})
		}
		return err
	}))
	answer, err := http.DefaultClient.Do(request)
	s.ok(err)
	return answer
}

// paper is what stands on a printed page for who holds it in their hands.
type paper struct{ address, short string }

var arabic = regexp.MustCompile(`\p{Arabic}{3}`)

// paperOf finds the Arabic page of a child.
func (s *story) paperOf(pdf []byte, child string) paper {
	s.t.Helper()
	return s.paperWith(pdf, child, arabic)
}

// paperWith finds the first page of a child in a script, scans its square as a phone would, from a picture of it, and reads its
// short code.
func (s *story) paperWith(pdf []byte, child string, letters *regexp.Regexp) paper {
	s.t.Helper()
	dir := s.t.TempDir()
	file := filepath.Join(dir, "slips.pdf")
	s.ok(os.WriteFile(file, pdf, 0o600))
	page, text := 0, ""
	for i, p := range strings.Split(string(s.run("pdftotext", "poppler-utils", "-layout", file, "-")), "\f") {
		if strings.Contains(p, child) && letters.MatchString(p) && page == 0 {
			page, text = i+1, p
		}
	}
	if page == 0 {
		s.t.Fatalf("no page for %s with %s", child, letters)
	}
	n := fmt.Sprint(page)
	s.run("pdftoppm", "poppler-utils", "-r", "150", "-f", n, "-l", n, "-singlefile", "-png", file, filepath.Join(dir, "page"))
	scanned := strings.TrimSpace(string(s.run("zbarimg", "zbar-tools", "-q", "--raw", filepath.Join(dir, "page.png"))))
	if !strings.HasPrefix(scanned, s.site+"/f/") || strings.ContainsAny(scanned, " \n") {
		s.t.Fatalf("the square on the paper says %q", scanned)
	}
	short := regexp.MustCompile(`\d{4}[  ]\d{4}[  ]\d{4}`).FindString(text)
	if _, ok := id.CleanShort(short); !ok {
		s.t.Fatalf("no short code on the paper: %s", text)
	}
	return paper{scanned, short}
}

func (s *story) run(program, debian string, args ...string) []byte {
	s.t.Helper()
	c := exec.CommandContext(s.t.Context(), need(s.t, program, debian), args...)
	var wrong bytes.Buffer
	c.Stderr = &wrong
	out, err := c.Output()
	if err != nil {
		s.t.Fatalf("%s: %v: %s", program, err, wrong.String())
	}
	return out
}

// parentAsks opens the scanned address on a phone and asks something, in Arabic.
func (s *story) parentAsks(p paper) *tab {
	s.t.Helper()
	b := s.phone("parent", "ar")
	b.open(p.address)
	b.arabic()
	if got := eval[int](b, `document.querySelectorAll('main img').length`); got < 3 {
		b.fatalf("%d pictograms only", got)
	}
	b.fill("body", question)
	b.press(b.words.C("answer", "I have a question"))
	b.arabic()
	b.reads(b.T("Thank you. The teacher reads your question and answers you."))
	return b
}

func (b *tab) arabic() {
	b.t.Helper()
	if got := eval[string](b, `document.documentElement.lang + ' ' + document.documentElement.dir + ' ' + getComputedStyle(document.body).direction`); got != "ar rtl rtl" {
		b.fatalf("the page is %s", got)
	}
}

// teacherSees the question on Today and on the class page, and hands everything out.
func (s *story) teacherSees(b *tab) {
	s.t.Helper()
	b.press(b.T("Today"))
	b.reads("Mohammed", b.T("has a question"), question)
	b.open(s.class)
	b.reads("Mohammed", b.T("Answer their question"))
	b.open(s.pack)
	b.press(b.T("All handed out"))
	given := regexp.MustCompile(`(\d+)\D+(\d+)`).FindStringSubmatch(eval[string](b, `document.querySelector('main section').innerText.split('\n').find(l => /^\d+\D+\d+/.test(l)) ?? ''`))
	if given == nil || given[1] != given[2] || given[1] == "0" {
		b.fatalf("handed out: %v", given)
	}
	if strings.Contains(b.sees(), b.T("All handed out")) {
		b.fatalf("it can be handed out twice")
	}
	b.press(b.T("Today"))
	b.pressIn("main", b.T("Called"))
	if strings.Contains(b.sees(), question) {
		b.fatalf("the question still waits")
	}
}

// parentStopsAndResumes: two taps each way, and the teacher sees it.
func (s *story) parentStopsAndResumes(b, teacher *tab) {
	s.t.Helper()
	b.press(b.T("Stop contact by paper and messages"))
	b.press(b.T("Yes, stop"))
	b.reads(b.T("We stopped. You get nothing more from us."))
	teacher.open(s.class)
	teacher.reads(teacher.T("wants no messages"))
	b.press(b.T("Start again"))
	b.reads(b.T("Welcome back. You hear from us again."))
	teacher.open(s.class)
	if strings.Contains(teacher.sees(), teacher.T("wants no messages")) {
		teacher.fatalf("the family still rests")
	}
}

// anotherTypesTheCode: the other parent has no camera, and a phone in French; the page is in the family's language.
func (s *story) anotherTypesTheCode(p paper) {
	s.t.Helper()
	b := s.phone("other parent", "fr")
	b.open("/c")
	b.fill("code", strings.Repeat("1234 ", 2))
	b.refused(b.T("Open"))
	b.fill("code", p.short)
	b.press(b.T("Open"))
	b.arabic()
	b.words = lang.For("ar")
	b.reads(b.words.C("answer", "I have a question"))
	if got := eval[string](b, `document.querySelector('main form [aria-pressed="true"], main form .on')?.value ?? ''`); got != "question" {
		b.fatalf("the answer that was given shows as %q", got)
	}
	if got := eval[string](b, `location.pathname`); !strings.HasPrefix(got, "/f/") {
		b.fatalf("at %s", got)
	}
}
