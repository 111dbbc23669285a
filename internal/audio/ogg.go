package audio

import (
	"bytes"
	"encoding/binary"
)

// page is a page of Ogg (RFC 3533).
type page struct {
	whole   []byte
	first   bool // begins a stream
	granule int64
	serial  uint32
	lacing  []byte
	body    []byte
}

// pages walks over the pages until act says stop; what stands behind the last whole page does not count.
func pages(b []byte, act func(p page) bool) {
	for len(b) >= 27 && string(b[:4]) == "OggS" && b[4] == 0 {
		head := 27 + int(b[26])
		if len(b) < head {
			return
		}
		size := 0
		for _, n := range b[27:head] {
			size += int(n)
		}
		if len(b) < head+size {
			return
		}
		p := page{whole: b[:head+size], first: b[5]&2 != 0, granule: int64(binary.LittleEndian.Uint64(b[6:])), serial: binary.LittleEndian.Uint32(b[14:]), lacing: b[27:head], body: b[head : head+size]}
		if !act(p) {
			return
		}
		b = b[head+size:]
	}
}

func readOgg(b []byte) (Info, error) {
	i := Info{Type: Ogg}
	var serial uint32
	var rate, skip, last uint64
	var video, sound bool
	pages(b, func(p page) bool {
		if p.first {
			switch {
			case bytes.HasPrefix(p.body, []byte("OpusHead")) && len(p.body) >= 19:
				i.Codec, rate, skip, serial, sound = "opus", 48000, uint64(binary.LittleEndian.Uint16(p.body[10:])), p.serial, true
			case bytes.HasPrefix(p.body, []byte("\x01vorbis")) && len(p.body) >= 16:
				i.Codec, rate, serial, sound = "vorbis", uint64(binary.LittleEndian.Uint32(p.body[12:])), p.serial, true
			case bytes.HasPrefix(p.body, []byte("\x80theora")) || bytes.HasPrefix(p.body, []byte("\x01video")):
				video = true
			}
			return true
		}
		if sound && p.serial == serial && p.granule > 0 { // -1: no packet ends on this page
			last = max(last, uint64(p.granule))
		}
		return true
	})
	switch {
	case video:
		return Info{}, ErrVideo
	case !sound:
		return Info{}, ErrNotAudio
	case rate == 0 || last <= skip:
		return Info{}, ErrBroken
	}
	i.Length = span(last-skip, rate)
	return i, nil
}

// stripOgg empties the list of comments of Opus where it stands on one page: what is left of it is padding.
func stripOgg(b []byte) {
	pages(b, func(p page) bool {
		if !bytes.HasPrefix(p.body, []byte("OpusTags")) || len(p.lacing) == 0 || p.lacing[len(p.lacing)-1] == 255 {
			return true
		}
		if len(p.body) < 16 {
			return false
		}
		clear(p.body[8:]) // no name of a program, no comments
		clear(p.whole[22:26])
		binary.LittleEndian.PutUint32(p.whole[22:], oggSum(p.whole))
		return false
	})
}

// oggSum is the check sum of a page, counted while its own place is zero.
func oggSum(b []byte) (sum uint32) {
	for _, c := range b {
		sum ^= uint32(c) << 24
		for range 8 {
			if sum&0x80000000 != 0 {
				sum = sum<<1 ^ 0x04c11db7
			} else {
				sum <<= 1
			}
		}
	}
	return sum
}
