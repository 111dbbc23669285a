package audio

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"os"
	"path/filepath"
	"runtime/debug"
	"testing"
	"time"
)

// The files are two seconds of a tone, made with ffmpeg; live.webm and fragments.mp4 as browsers record, without a length in
// the head. Their title is "Geheim".
func file(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

var tones = []struct{ name, kind, codec string }{
	{"tone.webm", WebM, "opus"},
	{"live.webm", WebM, "opus"},
	{"vorbis.webm", WebM, "vorbis"},
	{"tone.ogg", Ogg, "opus"},
	{"vorbis.ogg", Ogg, "vorbis"},
	{"tone.m4a", MP4, "aac"},
	{"fragments.mp4", MP4, "aac"},
	{"tone.mp3", MP3, "mp3"},
	{"tone.wav", WAV, "pcm"},
}

func TestARecordingIsKnownByItsContent(t *testing.T) {
	for _, c := range tones {
		got, err := Check(file(t, c.name))
		if err != nil || got.Type != c.kind || got.Codec != c.codec {
			t.Errorf("%s: %+v, %v", c.name, got, err)
		}
		// Coders add up to a tenth of a second of silence.
		if d := got.Length - 2*time.Second; d < -30*time.Millisecond || d > 120*time.Millisecond {
			t.Errorf("%s: %v long", c.name, got.Length)
		}
	}
}

func TestWhatIsNoRecordingIsRefused(t *testing.T) {
	half := func(name string, n int) []byte { b := file(t, name); return b[:len(b)/n] }
	cases := []struct {
		name string
		file []byte
		want error
	}{
		{"a film in WebM", file(t, "film.webm"), ErrVideo},
		{"a film in MP4", file(t, "film.mp4"), ErrVideo},
		{"a film in Ogg", file(t, "film.ogg"), ErrVideo},
		{"nothing", nil, ErrNotAudio},
		{"a PNG", []byte("\x89PNG\r\n\x1a\n0000000000000000000000000"), ErrNotAudio},
		{"a web page that calls itself a recording", []byte("<!doctype html><script>alert(1)</script>"), ErrNotAudio},
		{"a head of WebM without sound", file(t, "live.webm")[:60], ErrBroken},
		{"a head of Ogg without sound", half("tone.ogg", 20), ErrBroken},
		{"MP4 that is cut off before its head, which stands at the end", half("tone.m4a", 2), ErrBroken},
		{"a head of MP4 without sound", file(t, "fragments.mp4")[:700], ErrBroken},
		{"MP3 with nothing behind its remarks", append([]byte("ID3\x04\x00\x00\x00\x00\x00\x04abcd"), make([]byte, 100)...), ErrBroken},
		{"WAV without sound", file(t, "tone.wav")[:44], ErrBroken},
		{"another file in RIFF", []byte("RIFF\x00\x00\x00\x00WEBPVP8 0000000000"), ErrNotAudio},
		{"too large", append(file(t, "tone.mp3"), make([]byte, MaxBytes)...), ErrTooLarge},
		{"too long", bytes.Repeat(Strip(file(t, "tone.mp3")), 95), ErrTooLong},
	}
	for _, c := range cases {
		if _, err := Check(c.file); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
	if _, err := Check(bytes.Repeat(Strip(file(t, "tone.mp3")), 85)); err != nil {
		t.Errorf("just short enough: %v", err)
	}
}

func TestARecordingThatWasStoppedCounts(t *testing.T) {
	for _, name := range []string{"live.webm", "tone.ogg", "fragments.mp4", "tone.mp3", "tone.wav"} {
		b := file(t, name)
		got, err := Check(b[:len(b)*3/4])
		if err != nil || got.Length < 900*time.Millisecond || got.Length > 2*time.Second {
			t.Errorf("three quarters of %s: %v, %v", name, got.Length, err)
		}
	}
}

func TestRemarksGoAndTheSoundStays(t *testing.T) {
	for _, c := range tones {
		before := file(t, c.name)
		kept := bytes.Clone(before)
		after := Strip(before)
		if !bytes.Equal(before, kept) {
			t.Errorf("%s: Strip changed what it was given", c.name)
		}
		if c.name != "vorbis.ogg" { // its comments are part of its head
			if !bytes.Contains(before, []byte("Geheim")) {
				t.Errorf("%s has no remarks", c.name)
			}
			if bytes.Contains(after, []byte("Geheim")) || bytes.Contains(after, []byte("3.7174")) {
				t.Errorf("%s: remarks are still there", c.name)
			}
		}
		was, _ := Check(before)
		is, err := Check(after)
		if err != nil || is != was {
			t.Errorf("%s: %+v became %+v, %v", c.name, was, is, err)
		}
		if c.name == "live.webm" {
			continue // it has got its length as well: see below
		}
		if n := changed(before, after); n > 900 {
			t.Errorf("%s: %d bytes changed: more than remarks", c.name, n)
		}
	}
}

// changed is how many bytes of a file are others than before; what was cut off at its ends does not count.
func changed(before, after []byte) (n int) {
	if len(after) < len(before) {
		if bytes.Contains(before, after) {
			return 0
		}
		return len(before)
	}
	for i := range before {
		if before[i] != after[i] {
			n++
		}
	}
	return n
}

func TestARecordingOfABrowserGetsItsLength(t *testing.T) {
	before := file(t, "live.webm")
	after := Strip(before)
	var told float64
	var sound, soundBefore []byte
	elements(after, func(e element) bool {
		switch e.id {
		case idLength:
			told = math.Float64frombits(binary.BigEndian.Uint64(e.body))
		case idSimpleBlock:
			sound = append(sound, e.body...)
		}
		return true
	})
	elements(before, func(e element) bool {
		if e.id == idLength {
			t.Error("it has one already")
		}
		if e.id == idSimpleBlock {
			soundBefore = append(soundBefore, e.body...)
		}
		return true
	})
	if told < 1980 || told > 2100 {
		t.Errorf("its head says %v ms", told)
	}
	if !bytes.Equal(sound, soundBefore) || len(sound) < 1000 {
		t.Errorf("%d bytes of sound, were %d", len(sound), len(soundBefore))
	}
	if !bytes.Equal(Strip(after), after) {
		t.Error("a second time changes it again")
	}
}

func FuzzRead(f *testing.F) {
	for _, c := range tones {
		b := file(f, c.name)
		f.Add(b)
		f.Add(b[:len(b)/3])
		f.Add(b[:80])
	}
	f.Add(file(f, "film.mp4"))
	f.Add([]byte("ID3\x04\x00\x00\x7f\x7f\x7f\x7f"))
	f.Add([]byte{0x1a, 0x45, 0xdf, 0xa3, 0x80, 0x18, 0x53, 0x80, 0x67, 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xa3, 0x84, 0x81, 0x80, 0x00, 0x00})
	f.Add([]byte("\x00\x00\x00\x10ftypM4A \x00\x00\x00\x00\x00\x00\x00\x01moov\xff\xff\xff\xff\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, b []byte) {
		kept := bytes.Clone(b)
		i, err := Read(b)
		if err == nil && (i.Type == "" || i.Codec == "" || i.Length < 0) {
			t.Errorf("%+v", i)
		}
		if err != nil && !errors.Is(err, ErrNotAudio) && !errors.Is(err, ErrVideo) && !errors.Is(err, ErrBroken) {
			t.Errorf("another error: %v", err)
		}
		if s := Strip(b); len(s) > len(b)+20 {
			t.Errorf("%d bytes became %d", len(b), len(s))
		}
		if !bytes.Equal(b, kept) {
			t.Error("the file was changed")
		}
	})
}

// Every byte of every recording, changed in turn: nothing panics, and what comes out is a time.
func TestAnyByteMayBeWrong(t *testing.T) {
	for _, c := range tones {
		b := file(t, c.name)
		for at := 0; at < min(len(b), 2000); at++ {
			for _, v := range []byte{0, 1, 0x7f, 0x80, 0xff} {
				was := b[at]
				b[at] = v
				if i, err := Read(b); err == nil && i.Length < 0 {
					t.Fatalf("%s, byte %d is %d: %v", c.name, at, v, i.Length)
				}
				Strip(b)
				b[at] = was
			}
		}
	}
}

func TestBoxesInBoxesWithoutEndCostNoMemory(t *testing.T) {
	b := []byte("\x00\x00\x00\x10ftypM4A \x00\x00\x00\x00")
	const deep = 500_000
	for i := range deep {
		b = append(binary.BigEndian.AppendUint32(b, uint32((deep-i)*8)), "moov"...)
	}
	defer debug.SetMaxStack(debug.SetMaxStack(1 << 20)) // a walk that follows them all would end the program here
	if got := Strip(b); !bytes.Equal(got, b) {
		t.Error("there is nothing to strip, and something changed")
	}
}
