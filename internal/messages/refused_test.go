package messages

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"brug/internal/audio"
	"brug/internal/contact"
	"brug/internal/errs"
	"brug/internal/photo"

	"github.com/google/go-cmp/cmp"
)

// pdf is a document of so many bytes.
func pdf(bytes int) []byte {
	const begin, end = "%PDF-1.7\n", "\n%%EOF\n"
	return []byte(begin + strings.Repeat("x", bytes-len(begin)-len(end)) + end)
}

// sound is a WAV file of a length, 8000 samples a second of so many bytes.
func sound(length time.Duration, each int) []byte {
	n := int(length.Seconds()) * 8000 * each
	b := append([]byte("RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00"), make([]byte, 12)...)
	binary.LittleEndian.PutUint32(b[4:], uint32(36+n))
	binary.LittleEndian.PutUint32(b[24:], 8000)
	binary.LittleEndian.PutUint32(b[28:], uint32(8000*each))
	binary.LittleEndian.PutUint16(b[32:], uint16(each))
	binary.LittleEndian.PutUint16(b[34:], uint16(8*each))
	b = append(b, "data\x00\x00\x00\x00"...)
	binary.LittleEndian.PutUint32(b[40:], uint32(n))
	return append(b, make([]byte, n)...)
}

// grain is a PNG of so many dots on each side, of which each is another.
func grain(t *testing.T, side int) []byte {
	t.Helper()
	img, dice := image.NewRGBA(image.Rect(0, 0, side, side)), rand.New(rand.NewPCG(1, 2))
	for y := range side {
		for x := range side {
			img.Set(x, y, color.RGBA{uint8(dice.Uint32()), uint8(dice.Uint32()), uint8(dice.Uint32()), 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestWhatIsRefusedIsCalledWhatItIs: the reason is the real one, whatever the file is called and however large it is.
func TestWhatIsRefusedIsCalledWhatItIs(t *testing.T) {
	read := func(path string) []byte {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	large := grain(t, 2000)
	if len(large) <= photo.MaxBytes {
		t.Fatalf("a photo of %d bytes is not large", len(large))
	}
	cases := []struct {
		name string
		data []byte
		want Refusal
		kind string
	}{
		{"a photo", picture(t), "", "image/jpeg"},
		{"a recording", read("../audio/testdata/tone.ogg"), "", audio.Ogg},
		{"a note of a doctor", pdf(5000), "", typePDF},
		{"a document as large as one may be", pdf(MaxFileBytes), "", typePDF},
		{"a document of one byte more", pdf(MaxFileBytes + 1), TooLarge, ""},
		{"a document of which the end is missing", pdf(5000)[:4000], Damaged, ""},
		{"a text of an office", []byte("PK\x03\x04 word/document.xml"), WrongType, ""},
		{"the same, larger than a recording may be", append([]byte("PK\x03\x04"), make([]byte, 9<<20)...), WrongType, ""},
		{"zeros", make([]byte, 8<<20), WrongType, ""},
		{"a photo of too many bytes", large, TooLarge, ""},
		{"a photo cut off", picture(t)[:200], Damaged, ""},
		{"a photo as an iPhone keeps it", []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic\x00\x00\x00\x10mdatxxxxxxxx"), WrongType, ""},
		{"a stamp", grain(t, 20), TooSmall, ""},
		{"a film", read("../audio/testdata/film.mp4"), Film, ""},
		{"a long talk", sound(4*time.Minute, 1), TooLong, ""},
		{"a long talk, and a large file", sound(8*time.Minute, 2), TooLong, ""},
		{"three minutes that are too many bytes", sound(audio.MaxLength, 6), TooHeavy, ""},
	}
	for _, c := range cases {
		f, data, why := checkUpload(Upload{Name: "x.jpg", Data: c.data})
		if why != c.want || f.kind != c.kind || (why == "") != (len(data) > 0) {
			t.Errorf("%s: %q as %q, want %q as %q", c.name, why, f.kind, c.want, c.kind)
		}
	}
	for _, c := range []struct {
		why  Refusal
		want string // in what a family reads
	}{{WrongType, "no PDF"}, {TooLarge, "10 MB"}, {TooHeavy, "6 MB"}, {TooLong, "3 minutes"}, {TooMany, "3 files"}} {
		if got := c.why.Text().String(); !strings.Contains(got, c.want) {
			t.Errorf("%s: %q does not say %q", c.why, got, c.want)
		}
	}
}

func TestTheNameOfARefusedFileIsTame(t *testing.T) {
	for name, want := range map[string]string{"attest.docx": "attest.docx", `C:\doc\x.zip`: "x.zip", "../../a.b": "a.b", "a\n<b>.txt": "ab.txt", "": "application/zip", "..": "application/zip", "x" + strings.Repeat("é", 100) + ".pages": "x" + strings.Repeat("é", 59) + ".pages"} {
		if got := nameRefused(Upload{Name: name, Data: []byte("PK\x03\x04")}); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

// TestADoctorsNoteComesByMailAndWhatIsNotTakenIsTold: to the school and to the family, and it waits for somebody even where it is all that
// came.
func TestADoctorsNoteComesByMailAndWhatIsNotTakenIsTold(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		o.send("Bos")
		o.post()
		an := o.guest("An Maes")
		note := pdf(3000)
		_, err := o.s.Incoming(o.Ctx, Reply{SchoolID: o.School.ID, Recipient: o.arrived("An Maes"), Road: contact.Mail, Text: "Zie de bijlage.", Key: "k1", Files: []Upload{
			{Name: "attest.pdf", Data: note}, {Name: "brief Cas.docx", Data: []byte("PK\x03\x04")}, {Name: "groot.pdf", Data: pdf(MaxFileBytes + 1)}, {Name: "1.jpg", Data: picture(t)}, {Name: "2.jpg", Data: picture(t)}, {Name: "3.jpg", Data: picture(t)}}})
		o.OK(err)
		var talk string
		o.OK(o.DB.SQL().QueryRow("select public_id from conversations").Scan(&talk))
		seen, err := o.s.Conversation(o.Ctx, o.Teacher, talk)
		o.OK(err)
		var kinds []EntryKind
		for _, e := range seen.Entries {
			kinds = append(kinds, e.Kind)
		}
		if diff := cmp.Diff([]EntryKind{Words, Document, Picture, Picture, Refused}, kinds); diff != "" {
			t.Fatal(diff)
		}
		want := []RefusedFile{{"brief Cas.docx", WrongType}, {"groot.pdf", TooLarge}, {"3.jpg", TooMany}}
		if diff := cmp.Diff(want, seen.Entries[4].Refused); diff != "" {
			t.Error(diff)
		}
		if f := seen.Entries[1].Files[0]; f.Name != "attest.pdf" || f.Type != typePDF || f.Bytes != int64(len(note)) {
			t.Errorf("%+v", f)
		}
		ours, err := o.s.ConversationFile(o.Ctx, o.Teacher, talk, seen.Entries[1].Files[0].PublicID)
		o.OK(err)
		if b, err := ours.Open(); err != nil || !bytes.Equal(b, note) {
			t.Errorf("%d bytes of the note, %v", len(b), err)
		}
		page, err := o.s.Thread(o.Ctx, an, talk)
		o.OK(err)
		if diff := cmp.Diff(want, page.Entries[4].Refused); diff != "" {
			t.Error(diff)
		}

		// Only a file that is not taken: somebody has to ask for it in another form.
		o.OK(o.s.Settle(o.Ctx, o.Teacher, talk))
		o.Clock = o.Clock.Add(time.Hour)
		fresh, err := o.s.Incoming(o.Ctx, Reply{SchoolID: o.School.ID, Recipient: o.arrived("An Maes"), Road: contact.Mail, Key: "k2", Files: []Upload{{Name: "attest.pages", Data: []byte("PK\x03\x04")}}})
		if err != nil || !fresh {
			t.Errorf("fresh %v, %v", fresh, err)
		}
		o.want("it waits", o.inbox(o.Teacher, InboxFilter{}), "An Maes Cas refused")
		if err := o.s.Correct(o.Ctx, o.Teacher, talk, seen.Entries[4].PublicID, "x"); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a refused file is put into other words: %v", err)
		}
	})
}

// TestNamesOfRefusedFilesAreSealed: in a conversation that is sensitive from the first, and in one that becomes so.
func TestNamesOfRefusedFilesAreSealed(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		mail := func(recipient, key, name string) {
			_, err := o.s.Incoming(o.Ctx, Reply{SchoolID: o.School.ID, Recipient: recipient, Road: contact.Mail, Key: key, Files: []Upload{{Name: name, Data: []byte("PK\x03\x04")}, {Name: "attest epilepsie.pdf", Data: pdf(900)}}})
			o.OK(err)
		}
		o.send("Bos")
		o.post()
		mail(o.arrived("An Maes"), "k1", "verslag psycholoog.docx")
		var talk string
		o.OK(o.DB.SQL().QueryRow("select public_id from conversations").Scan(&talk))
		o.OK(o.s.MarkSensitive(o.Ctx, o.Teacher, talk))
		o.Clock = o.Clock.Add(time.Hour)
		mail(o.arrived("An Maes"), "k2", "verslag psycholoog 2.docx")
		for _, words := range []string{"psycholoog", "epilepsie"} {
			if got := o.tablesWith(words); got != "" {
				t.Errorf("%q lies open in %s", words, got)
			}
		}
		seen, err := o.s.Conversation(o.Ctx, o.Teacher, talk)
		o.OK(err)
		var names []string
		for _, e := range seen.Entries {
			for _, f := range e.Refused {
				names = append(names, f.Name)
			}
		}
		if !slices.Equal(names, []string{"verslag psycholoog.docx", "verslag psycholoog 2.docx"}) {
			t.Errorf("who may see it reads %q", names)
		}
		list, err := o.s.Inbox(o.Ctx, o.Teacher, InboxFilter{})
		o.OK(err)
		if len(list.Lines) != 1 || len(list.Lines[0].Last.Refused) != 0 {
			t.Errorf("the list tells names: %+v", list.Lines)
		}
	})
}
