package audio

import (
	"encoding/binary"
	"slices"
	"time"
)

// box is a box of MP4 (ISO/IEC 14496-12).
type box struct {
	kind string
	head []byte // its size and kind
	body []byte
}

// boxes walks over the boxes of b; false if they do not fill it. A last box that is cut off is given as far as it goes, when
// cut allows it: a recording that was stopped.
func boxes(b []byte, cut bool, act func(x box)) bool {
	for len(b) > 0 {
		if len(b) < 8 {
			return cut
		}
		size, head := uint64(binary.BigEndian.Uint32(b)), 8
		switch {
		case size == 0:
			size = uint64(len(b)) // to the end
		case size == 1:
			if len(b) < 16 {
				return cut
			}
			size, head = binary.BigEndian.Uint64(b[8:]), 16
		}
		if size < uint64(head) {
			return false
		}
		if size > uint64(len(b)) {
			if !cut {
				return false
			}
			size = uint64(len(b))
		}
		act(box{string(b[4:8]), b[:head], b[head:size]})
		b = b[size:]
	}
	return true
}

// children walks over the boxes in a box; those that cannot be read are passed over.
func (x box) children(act func(x box)) { boxes(x.body, false, act) }

// number reads a big-endian number of 4 bytes (8 if wide) at a place; 0 where there is none.
func number(b []byte, at int, wide bool) uint64 {
	switch {
	case wide && len(b) >= at+8:
		return binary.BigEndian.Uint64(b[at:])
	case !wide && len(b) >= at+4:
		return uint64(binary.BigEndian.Uint32(b[at:]))
	}
	return 0
}

// timed reads the rate and the length of mvhd and mdhd.
func timed(b []byte) (rate, length uint64) {
	if len(b) == 0 {
		return 0, 0
	}
	if b[0] == 1 {
		return number(b, 20, false), number(b, 24, true)
	}
	return number(b, 12, false), number(b, 16, false)
}

// movie is what the boxes say about the sound.
type movie struct {
	length       time.Duration // of the head
	sound, video bool
	track        uint64
	rate         uint64 // of the track
	codec        string
	each         uint64 // ticks of a sample, unless a fragment says otherwise
	ticks        uint64 // of all fragments
	data         bool
	still        bool // a photo: telephones keep them in the same kind of file
}

// stills are the brands of files that hold photos (HEIF, AVIF).
var stills = []string{"heic", "heix", "heim", "heis", "mif1", "avif"}

func readMP4(b []byte) (Info, error) {
	var m movie
	whole := boxes(b, true, func(x box) {
		switch x.kind {
		case "ftyp":
			m.still = len(x.body) >= 4 && slices.Contains(stills, string(x.body[:4]))
		case "moov":
			m.readHead(x)
		case "moof":
			x.children(func(x box) {
				if x.kind == "traf" {
					m.readFragment(x)
				}
			})
		case "mdat":
			m.data = m.data || len(x.body) > 0
		}
	})
	codecs := map[string]string{"mp4a": "aac", "Opus": "opus", ".mp3": "mp3"}
	switch {
	case m.video:
		return Info{}, ErrVideo
	case m.still, m.sound && codecs[m.codec] == "" && m.codec != "", !m.sound && m.length > 0:
		return Info{}, ErrNotAudio
	case !whole || !m.sound || !m.data || m.codec == "":
		return Info{}, ErrBroken
	}
	return Info{Type: MP4, Codec: codecs[m.codec], Length: max(m.length, span(m.ticks, m.rate))}, nil
}

func (m *movie) readHead(moov box) {
	moov.children(func(x box) {
		switch x.kind {
		case "mvhd":
			rate, n := timed(x.body)
			if n == 1<<32-1 || n == 1<<64-1 { // not known
				n = 0
			}
			m.length = max(m.length, span(n, rate))
		case "trak":
			m.readTrack(x)
		case "mvex":
			x.children(func(x box) {
				if x.kind == "trex" && number(x.body, 4, false) == m.track {
					m.each = number(x.body, 12, false)
				}
			})
		}
	})
}

func (m *movie) readTrack(trak box) {
	var id, rate uint64
	var handler, codec string
	trak.children(func(x box) {
		switch x.kind {
		case "tkhd":
			if len(x.body) > 0 && x.body[0] == 1 {
				id = number(x.body, 20, false)
			} else {
				id = number(x.body, 12, false)
			}
		case "mdia":
			x.children(func(x box) {
				switch x.kind {
				case "mdhd":
					rate, _ = timed(x.body)
				case "hdlr":
					if len(x.body) >= 12 {
						handler = string(x.body[8:12])
					}
				case "minf":
					x.children(func(x box) {
						if x.kind == "stbl" {
							x.children(func(x box) {
								if x.kind == "stsd" && len(x.body) >= 16 {
									codec = string(x.body[12:16])
								}
							})
						}
					})
				}
			})
		}
	})
	switch handler {
	case "soun":
		if !m.sound {
			m.sound, m.track, m.rate, m.codec = true, id, rate, codec
		}
	case "vide":
		m.video = true
	}
}

// readFragment adds the samples of a fragment: Safari records in fragments, and its head knows no length.
func (m *movie) readFragment(traf box) {
	each, mine := m.each, false
	traf.children(func(x box) {
		switch x.kind {
		case "tfhd":
			flags := number(x.body, 0, false) & 0xffffff
			mine = number(x.body, 4, false) == m.track
			at := 8
			if flags&1 != 0 { // base offset
				at += 8
			}
			if flags&2 != 0 { // index of the description
				at += 4
			}
			if flags&8 != 0 {
				each = number(x.body, at, false)
			}
		case "trun":
			if mine {
				m.ticks += ticks(x.body, each)
			}
		}
	})
}

// ticks is how long a run of samples is.
func ticks(b []byte, each uint64) (sum uint64) {
	flags, n := number(b, 0, false)&0xffffff, number(b, 4, false)
	if flags&0x100 == 0 { // all of one length
		if n > 1<<24 || each > 1<<24 {
			return 0
		}
		return n * each
	}
	at, step := 8, 4
	for _, f := range []uint64{1, 4} { // offset of the data, flags of the first sample
		if flags&f != 0 {
			at += 4
		}
	}
	for _, f := range []uint64{0x200, 0x400, 0x800} { // size, flags, offset in time
		if flags&f != 0 {
			step += 4
		}
	}
	for ; n > 0 && at+4 <= len(b); n-- {
		sum += number(b, at, false)
		at += step
	}
	return sum
}

// stripMP4 makes boxes of remarks (place, name, program) free space of the same size. What the sound needs is in others.
func stripMP4(b []byte) {
	var into func(x box, depth int)
	into = func(x box, depth int) {
		switch x.kind {
		case "udta", "meta", "uuid":
			copy(x.head[4:8], "free")
			clear(x.body)
		case "moov", "trak", "moof", "traf":
			if depth < 2 { // moov, trak: nobody needs more, and a file of nothing but boxes in boxes would fill the memory
				x.children(func(x box) { into(x, depth+1) })
			}
		}
	}
	boxes(b, true, func(x box) { into(x, 0) })
}
