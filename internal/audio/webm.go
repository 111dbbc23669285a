package audio

import (
	"bytes"
	"encoding/binary"
	"math"
	"time"
)

// Ids of WebM (RFC 8794 and RFC 9559) that say something about the sound.
const (
	idHeader      = 0x1a45dfa3
	idDocType     = 0x4282
	idSegment     = 0x18538067
	idInfo        = 0x1549a966
	idScale       = 0x2ad7b1
	idLength      = 0x4489
	idTracks      = 0x1654ae6b
	idTrack       = 0xae
	idTrackType   = 0x83
	idCodec       = 0x86
	idSeek        = 0x114d9b74
	idCues        = 0x1c53bb6b
	idCluster     = 0x1f43b675
	idTimestamp   = 0xe7
	idSimpleBlock = 0xa3
	idGroup       = 0xa0
	idBlock       = 0xa1
	idTitle       = 0x7ba9
	idDate        = 0x4461
	idTags        = 0x1254c367
	idAttachments = 0x1941a469
)

// element is one element of WebM: body is its content, or for one that others stand in, nothing: they follow.
type element struct {
	id         uint32
	start, end int // from the id to behind the content
	body       []byte
}

// elements walks over all elements, going into those that hold others, until act says stop or the file ends. A browser
// writes the size of what it is still recording as unknown, so the walk asks for no end: what is inside comes after its
// holder, and what follows comes after that. It tells whether the file could be read to a fair end: the last element may
// be cut off, as happens when a recording is stopped.
func elements(b []byte, act func(e element) bool) bool {
	for at := 0; at < len(b); {
		id, n := vint(b[at:], true)
		if n == 0 || n > 4 {
			return false
		}
		size, m := vint(b[at+n:], false)
		if m == 0 {
			return len(b)-at-n < 8 // cut off within the size
		}
		start, body := at, at+n+m
		switch id {
		case idHeader, idSegment, idInfo, idTracks, idTrack, idCluster, idGroup:
			if !act(element{uint32(id), start, body, nil}) {
				return true
			}
			at = body
			continue
		}
		if size > uint64(len(b)-body) {
			return true // cut off
		}
		at = body + int(size)
		if !act(element{uint32(id), start, at, b[body:at]}) {
			return true
		}
	}
	return true
}

// vint reads a number of variable length; an id keeps its mark. n is its bytes, 0 if there is none.
func vint(b []byte, mark bool) (v uint64, n int) {
	if len(b) == 0 || b[0] == 0 {
		return 0, 0
	}
	for n = 1; b[0]&(0x80>>(n-1)) == 0; n++ {
	}
	if len(b) < n {
		return 0, 0
	}
	v = uint64(b[0])
	if !mark {
		v &= 0xff >> n
	}
	for _, c := range b[1:n] {
		v = v<<8 | uint64(c)
	}
	return v, n
}

func unsigned(b []byte) (v uint64) {
	if len(b) > 8 {
		return 0
	}
	for _, c := range b {
		v = v<<8 | uint64(c)
	}
	return v
}

// readWebM finds the length from the blocks, because a browser that records does not know it when it writes the head.
func readWebM(b []byte) (Info, error) {
	var docType, codec string
	var video bool
	scale, cluster := uint64(1_000_000), uint64(0) // nanoseconds in a tick; ticks
	first, last, blocks := uint64(math.MaxUint64), uint64(0), 0
	var lastLength time.Duration
	whole := elements(b, func(e element) bool {
		switch e.id {
		case idDocType:
			docType = string(bytes.TrimRight(e.body, "\x00"))
		case idScale:
			scale = unsigned(e.body)
		case idTrackType:
			video = video || unsigned(e.body) == 1
		case idCodec:
			if codec == "" {
				codec = string(bytes.TrimRight(e.body, "\x00"))
			}
		case idTimestamp:
			cluster = unsigned(e.body)
		case idSimpleBlock, idBlock:
			_, n := vint(e.body, false) // number of the track
			if n == 0 || len(e.body) < n+3 {
				return true
			}
			at := cluster + uint64(int64(int16(binary.BigEndian.Uint16(e.body[n:]))))
			blocks++
			first = min(first, at)
			if at >= last {
				last, lastLength = at, opusLength(e.body[n+3:])
			}
		}
		return true
	})
	switch {
	case docType != "webm" && docType != "matroska":
		return Info{}, ErrNotAudio
	case video:
		return Info{}, ErrVideo
	case codec == "":
		return Info{}, ErrBroken
	case codec != "A_OPUS" && codec != "A_VORBIS":
		return Info{}, ErrNotAudio
	case !whole || blocks == 0 || scale == 0 || last < first:
		return Info{}, ErrBroken
	}
	i := Info{Type: WebM, Codec: "opus", Length: nanos(last-first, scale)}
	if codec == "A_VORBIS" {
		i.Codec = "vorbis"
	} else {
		i.Length += lastLength
	}
	return i, nil
}

// nanos is n ticks of so many nanoseconds, at most 100 hours.
func nanos(n, tick uint64) time.Duration {
	const most = uint64(100 * time.Hour)
	if n != 0 && tick > most/n {
		return 100 * time.Hour
	}
	return time.Duration(n * tick)
}

// opusLength is how long a packet of Opus sounds (RFC 6716, 3.1).
func opusLength(packet []byte) time.Duration {
	if len(packet) == 0 {
		return 0
	}
	var frame time.Duration
	switch config := packet[0] >> 3; {
	case config < 12:
		frame = []time.Duration{10, 20, 40, 60}[config%4] * time.Millisecond
	case config < 16:
		frame = []time.Duration{10, 20}[config%2] * time.Millisecond
	default:
		frame = []time.Duration{2500, 5000, 10000, 20000}[config%4] * time.Microsecond
	}
	switch packet[0] & 3 {
	case 0:
		return frame
	case 1, 2:
		return 2 * frame
	}
	if len(packet) < 2 {
		return 0
	}
	return min(time.Duration(packet[1]&63)*frame, 120*time.Millisecond)
}

// stripWebM makes title, date, tags and attached files void: an element that says nothing, of the same size.
func stripWebM(b []byte) {
	var remarks [][]byte
	elements(b, func(e element) bool {
		switch e.id {
		case idTitle, idDate, idTags, idAttachments:
			remarks = append(remarks, b[e.start:e.end])
		}
		return true
	})
	for _, r := range remarks {
		void(r)
	}
}

// void makes an element one that says nothing, of the same size.
func void(e []byte) {
	clear(e)
	e[0] = 0xec
	if len(e) <= 128 {
		e[1] = 0x80 | byte(len(e)-2) // an id and a size are two bytes at least
		return
	}
	binary.BigEndian.PutUint64(e[1:], uint64(len(e)-9))
	e[1] = 0x01
}

// tellLength writes the length into the head of what a browser has recorded, where it does not stand yet: else a player
// shows no time and cannot jump. Only in a file without a table of places in it, as recordings are; others stay. b is changed.
func tellLength(b []byte, length time.Duration) []byte {
	const unknown = 1<<56 - 1
	var info, after int // of the element that says what the file is
	var seek []byte     // where else to find something: a help that would be wrong then
	plain, scale := true, uint64(1_000_000)
	elements(b, func(e element) bool {
		switch e.id {
		case idSegment:
			size, _ := vint(b[e.start+4:], false)
			plain = plain && size == unknown && b[e.start+4] == 0x01
		case idInfo:
			size, n := vint(b[e.start+4:], false)
			if from := e.start + 4 + n; size <= uint64(len(b)-from) {
				info, after = e.start, from+int(size)
			}
		case idScale:
			scale = unsigned(e.body)
		case idSeek:
			seek = b[e.start:e.end]
		case idCues, idLength:
			plain = false
		}
		return e.id != idCluster
	})
	if !plain || info == 0 || scale == 0 || length <= 0 {
		return b
	}
	if seek != nil {
		void(seek)
	}
	_, n := vint(b[info+4:], false)
	body := b[info+4+n : after]
	out := append(make([]byte, 0, len(b)+24), b[:info+4]...)
	out = binary.BigEndian.AppendUint64(out, 1<<56|uint64(len(body)+11))
	out = append(out, body...)
	out = append(out, 0x44, 0x89, 0x88)
	out = binary.BigEndian.AppendUint64(out, math.Float64bits(float64(length)/float64(scale)))
	return append(out, b[after:]...)
}
