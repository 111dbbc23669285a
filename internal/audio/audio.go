// Package audio tells what a recording is, from its content and never from its name: type, length, whether a picture is
// hidden in it. It decodes nothing.
//
// It reads what browsers and phones record (WebM, Ogg, MP4 as one piece or in fragments, MP3, WAV). A file comes from
// outside: every length in it is checked against what is really there, and reading costs at most the size of the file.
// Called by voice. The package owns no tables and imports nothing of Brug.
package audio

import (
	"bytes"
	"errors"
	"time"
)

// The types, as they are sent to a browser.
const (
	WebM = "audio/webm"
	Ogg  = "audio/ogg"
	MP4  = "audio/mp4"
	MP3  = "audio/mpeg"
	WAV  = "audio/wav"
)

// Limits of a recording. Three minutes are more than any text of ours needs; at 128 kbit/s they are 3 MB.
const (
	MaxLength = 3 * time.Minute
	MaxBytes  = 6 << 20
)

// grace is what a recorder may write after it was stopped at MaxLength.
const grace = 2 * time.Second

// What can be wrong with a file. Check returns them wrapped.
var (
	ErrTooLarge = errors.New("audio: larger than MaxBytes")
	ErrTooLong  = errors.New("audio: longer than MaxLength")
	ErrNotAudio = errors.New("audio: no sound that a browser plays")
	ErrVideo    = errors.New("audio: there is a picture in it")
	ErrBroken   = errors.New("audio: broken or empty")
)

// Info is what a recording is.
type Info struct {
	Type   string // one of the types above
	Codec  string // "opus", "vorbis", "aac", "mp3", "pcm"
	Length time.Duration
}

// Check reads a recording and holds it against the limits.
func Check(b []byte) (Info, error) {
	if len(b) > MaxBytes {
		return Info{}, ErrTooLarge
	}
	i, err := Read(b)
	switch {
	case err != nil:
		return Info{}, err
	case i.Length <= 0:
		return Info{}, ErrBroken
	case i.Length > MaxLength+grace:
		return Info{}, ErrTooLong
	}
	return i, nil
}

// Read tells what a recording is. ErrNotAudio, ErrVideo or ErrBroken.
func Read(b []byte) (Info, error) {
	switch {
	case bytes.HasPrefix(b, []byte{0x1a, 0x45, 0xdf, 0xa3}):
		return readWebM(b)
	case bytes.HasPrefix(b, []byte("OggS")):
		return readOgg(b)
	case len(b) >= 12 && string(b[4:8]) == "ftyp":
		return readMP4(b)
	case len(b) >= 12 && string(b[:4]) == "RIFF" && string(b[8:12]) == "WAVE":
		return readWAV(b)
	}
	return readMP3(b)
}

// Strip takes away what a recorder or a phone writes into a file besides the sound: names, dates, places, programs; and tells
// players the length, where a browser could not know it yet. A copy comes back, larger by 20 bytes at most; the sound in it
// is the same byte for byte. Where a comment cannot be taken out simply it stays.
func Strip(b []byte) []byte {
	b = bytes.Clone(b)
	switch {
	case bytes.HasPrefix(b, []byte{0x1a, 0x45, 0xdf, 0xa3}):
		stripWebM(b)
		if i, err := readWebM(b); err == nil {
			return tellLength(b, i.Length)
		}
	case bytes.HasPrefix(b, []byte("OggS")):
		stripOgg(b)
	case len(b) >= 12 && string(b[4:8]) == "ftyp":
		stripMP4(b)
	case len(b) >= 12 && string(b[:4]) == "RIFF" && string(b[8:12]) == "WAVE":
		stripWAV(b)
	default:
		return stripMP3(b)
	}
	return b
}

// span is n units of a rate per second as a time; 0 for what cannot be.
func span(n, rate uint64) time.Duration {
	const most = uint64(100 * time.Hour / time.Second)
	if rate == 0 || n/rate > most {
		if rate != 0 {
			return 100 * time.Hour
		}
		return 0
	}
	return time.Duration(n/rate)*time.Second + time.Duration(n%rate)*time.Second/time.Duration(rate)
}
