package ui

import (
	"bytes"
	"errors"
	"io"
	"mime/multipart"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"brug/internal/errs"
	"brug/internal/lang"
)

func TestFormFromReadsEveryKindOfForm(t *testing.T) {
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	part, err := m.CreateFormFile("list", "klas.csv")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.Write([]byte("naam\nSelam\n")); err != nil {
		t.Fatal(err)
	}
	if err := m.WriteField("name", " Selam "); err != nil {
		t.Fatal(err)
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, method, kind, body string
		max                      int64
		file, bad                bool
	}{
		{"a plain form", "POST", "application/x-www-form-urlencoded", "name=+Selam+&roads=sms&roads=&roads=mail", 1000, false, false},
		{"with a file", "POST", m.FormDataContentType(), body.String(), 10_000, true, false},
		{"a search", "GET", "", "", 1000, false, false},
		{"too large", "POST", "application/x-www-form-urlencoded", "name=" + strings.Repeat("x", 2000), 1000, false, true},
		{"with a file, too large", "POST", m.FormDataContentType(), body.String(), 100, false, true},
		{"cut off", "POST", m.FormDataContentType(), body.String()[:100], 10_000, false, true},
	} {
		r := httptest.NewRequest(c.method, "/x?name=+Selam+", strings.NewReader(c.body))
		if c.method == "POST" {
			var body io.Reader = strings.NewReader(c.body)
			if c.name == "cut off" {
				body = io.MultiReader(body, iotest.ErrReader(io.ErrUnexpectedEOF)) // what net/http says of a line that broke
			}
			r = httptest.NewRequest("POST", "/x", body)
			r.Header.Set("Content-Type", c.kind)
		}
		f, err := FormFrom(r, c.max)
		if f == nil {
			t.Fatalf("%s: no form", c.name)
		}
		if c.bad {
			if !errs.Is(err, errs.Invalid) {
				t.Errorf("%s: error %v, want invalid", c.name, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if got := f.Get("name"); got != "Selam" {
			t.Errorf("%s: name %q", c.name, got)
		}
		if got := f.File("list"); (got != nil) != c.file {
			t.Errorf("%s: file %v", c.name, got)
		}
		if c.name == "a plain form" && strings.Join(f.All("roads"), " ") != "sms mail" {
			t.Errorf("roads: %q", f.All("roads"))
		}
	}
}

func TestTakeKeepsOnlyWhatIsWrongWithTheForm(t *testing.T) {
	for _, c := range []struct {
		name   string
		err    error
		taken  bool
		fields string
	}{
		{"no error", nil, false, ""},
		{"a fault of the program", errors.New("disk full"), false, ""},
		{"not allowed", errs.Forbiddenf("no"), false, ""},
		{"one field", errs.Field("email", "Write an address."), true, "email"},
		{"wrapped", errors.Join(errors.New("school"), errs.Field("email", "Write an address.")), true, "email"},
		{"the whole form", errs.New(errs.Invalid, "These two do not go together."), true, ""},
		{"without a word", &errs.Error{Kind: errs.Invalid}, true, ""},
	} {
		f := NewForm("email", "x")
		if got := f.Take(c.err); got != c.taken {
			t.Errorf("%s: taken %v", c.name, got)
		}
		if f.OK() == c.taken {
			t.Errorf("%s: OK %v", c.name, f.OK())
		}
		if c.taken {
			if _, is := f.Wrong(c.fields); !is {
				t.Errorf("%s: nothing at %q: %v", c.name, c.fields, f.Errors)
			}
		}
		if f.Get("email") != "x" {
			t.Errorf("%s: what was typed is lost", c.name)
		}
	}
}

func TestAnEmptyFormCanBeRead(t *testing.T) {
	var f *Form
	if f.Get("a") != "" || f.All("a") != nil || f.Bool("a") || f.Has("a", "") || f.File("a") != nil || !f.OK() || f.ID("a.b c") != "f-a.b-c" {
		t.Error("a nil form is not empty")
	}
}

func TestAPasswordIsNeverWrittenBack(t *testing.T) {
	f := NewForm("password", "geheim")
	if got := (Input{Name: "password", Type: "password"}).value(f); got != "" {
		t.Errorf("value %q", got)
	}
}

func TestSizeIsSaidAsPeopleDo(t *testing.T) {
	for n, want := range map[int64]string{12: "12 B", 3000: "3 kB", 5_000_000: "5 MB", 2_500_000: "2 MB", 10 << 20: "10 MB", 1<<20 - 1: "1 MB"} {
		if got := lang.For("en").Text(Size(n)); got != want {
			t.Errorf("Size(%d) = %s, want %s", n, got, want)
		}
	}
	for tag, want := range map[string]string{"nl": "5 MB", "fr": "5 Mo", "ru": "5 МБ", "ar": "5 ميغابايت"} {
		if got := lang.For(tag).Plain().Text(Size(5 << 20)); got != want {
			t.Errorf("in %s: %s, want %s", tag, got, want)
		}
	}
	if got := lang.For("fr").T("That is too large. At most {size} can be sent at once.", "size", Size(300<<10)); !strings.Contains(got, "300 ko") {
		t.Errorf("within a sentence: %s", got)
	}
}

func TestAFileThatWasSentLeavesNothingBehind(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	var body strings.Builder
	m := multipart.NewWriter(&body)
	part, err := m.CreateFormFile("photo", "photo.jpg")
	if err == nil {
		_, err = io.WriteString(part, strings.Repeat("x", 12<<20))
	}
	if err = errors.Join(err, m.Close()); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("POST", "/x", strings.NewReader(body.String()))
	r.Header.Set("Content-Type", m.FormDataContentType())
	f, err := FormFrom(r, 20<<20)
	if err != nil || f.File("photo") == nil || f.File("photo").Size != 12<<20 {
		t.Fatalf("not read: %v", err)
	}
	if left, err := os.ReadDir(temp); err != nil || len(left) != 0 {
		t.Errorf("in the temporary folder: %v, %v", left, err)
	}
}

func TestAFieldIsText(t *testing.T) {
	r := httptest.NewRequest("POST", "/x", strings.NewReader("name=So%00ep&words=a%FFb"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	f, err := FormFrom(r, 1000)
	if err != nil || f.Get("name") != "Soep" || f.Get("words") != "a\uFFFDb" {
		t.Errorf("%q %q %v", f.Get("name"), f.Get("words"), err)
	}
}

func TestWordsOutliveAFileThatIsTooLarge(t *testing.T) {
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for _, kv := range [][2]string{{"child", "ali"}, {"body", "Ali slaapt slecht."}} {
		if err := m.WriteField(kv[0], kv[1]); err != nil {
			t.Fatal(err)
		}
	}
	part, err := m.CreateFormFile("files", "film.mp4")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.Write(bytes.Repeat([]byte("x"), 2*mostHead)); err != nil {
		t.Fatal(err)
	}
	if err := m.WriteField("later", "after the file"); err != nil {
		t.Fatal(err)
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	for _, max := range []int64{mostHead, mostHead / 2} {
		r := httptest.NewRequest("POST", "/x", bytes.NewReader(body.Bytes()))
		r.Header.Set("Content-Type", m.FormDataContentType())
		f, err := FormFrom(r, max)
		if !errs.Is(err, errs.Invalid) || f.Get("child") != "ali" || f.Get("body") != "Ali slaapt slecht." || f.Get("later") != "" {
			t.Errorf("%d: %v, kept %v", max, err, f.Values)
		}
	}
}
