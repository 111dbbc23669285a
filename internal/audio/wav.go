package audio

import "encoding/binary"

func readWAV(b []byte) (Info, error) {
	var second uint64 // bytes
	var data int
	var format uint16
	chunks(b, func(name string, body []byte) {
		switch name {
		case "fmt ":
			if len(body) >= 16 {
				format = binary.LittleEndian.Uint16(body)
				second = uint64(binary.LittleEndian.Uint16(body[2:])) * uint64(binary.LittleEndian.Uint32(body[4:])) * uint64(binary.LittleEndian.Uint16(body[14:])) / 8
			}
		case "data":
			data += len(body)
		}
	})
	switch {
	case second == 0 || data == 0:
		return Info{}, ErrBroken
	case format != 1 && format != 3 && format != 0xfffe: // whole numbers, fractions, either
		return Info{}, ErrNotAudio
	}
	return Info{Type: WAV, Codec: "pcm", Length: span(uint64(data), second)}, nil
}

// chunks walks over the chunks of a WAV. One that says more than there is goes to the end: a recording that was stopped.
func chunks(b []byte, act func(name string, body []byte)) {
	for at := 12; at+8 <= len(b); {
		size := int64(binary.LittleEndian.Uint32(b[at+4:]))
		body := b[at+8:]
		if size > int64(len(body)) {
			size = int64(len(body))
		}
		act(string(b[at:at+4]), body[:size])
		at += 8 + int(size+size%2)
	}
}

// stripWAV makes remarks silent: a chunk of the same size that nobody reads.
func stripWAV(b []byte) {
	for at := 12; at+8 <= len(b); {
		size := min(int64(binary.LittleEndian.Uint32(b[at+4:])), int64(len(b)-at-8))
		switch string(b[at : at+4]) {
		case "LIST", "id3 ", "ID3 ", "bext", "iXML", "_PMX":
			copy(b[at:], "JUNK")
			clear(b[at+8 : at+8+int(size)])
		}
		at += 8 + int(size+size%2)
	}
}
