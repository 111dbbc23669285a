package audio

import "bytes"

// frame is a frame of MP3: its bytes, its samples, how many of them a second has.
type frame struct{ size, samples, rate int }

// Of MPEG 1 and of MPEG 2 and 2.5, layer III: kbit/s.
var rates3 = [2][15]int{
	{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320},
	{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160},
}

func frameAt(b []byte) (f frame, ok bool) {
	if len(b) < 4 || b[0] != 0xff || b[1]&0xe0 != 0xe0 || b[1]>>1&3 != 1 { // layer III
		return f, false
	}
	version, rate, bits := b[1]>>3&3, b[2]>>2&3, int(b[2]>>4)
	if version == 1 || rate == 3 || bits == 0 || bits == 15 {
		return f, false
	}
	f.rate = []int{44100, 48000, 32000}[rate]
	f.samples = 1152
	old := 0
	if version != 3 {
		f.samples, old = 576, 1
		f.rate /= 2
		if version == 0 {
			f.rate /= 2
		}
	}
	f.size = f.samples/8*rates3[old][bits]*1000/f.rate + int(b[2]>>1&1)
	return f, f.size > 4
}

// id3 is the size of the remarks before the first frame.
func id3(b []byte) int {
	n := 0
	for len(b)-n >= 10 && string(b[n:n+3]) == "ID3" {
		s := b[n+6 : n+10]
		n += 10 + int(s[0]&127)<<21 + int(s[1]&127)<<14 + int(s[2]&127)<<7 + int(s[3]&127)
	}
	return min(n, len(b))
}

func readMP3(b []byte) (Info, error) {
	tagged := id3(b) > 0
	b = b[id3(b):]
	var frames, samples, rate int
	for at := 0; at < len(b); {
		f, ok := frameAt(b[at:])
		if !ok {
			break
		}
		if at+f.size > len(b) { // the last one is cut off
			break
		}
		// A frame that tells about the others is silent.
		if head := b[at:min(at+48, len(b))]; frames > 0 || !bytes.Contains(head, []byte("Xing")) && !bytes.Contains(head, []byte("Info")) {
			samples += f.samples
		}
		frames++
		rate = f.rate
		at += f.size
	}
	if frames < 3 { // two bytes look like a frame in any file
		if tagged {
			return Info{}, ErrBroken
		}
		return Info{}, ErrNotAudio
	}
	return Info{Type: MP3, Codec: "mp3", Length: span(uint64(samples), uint64(rate))}, nil
}

// stripMP3 cuts off what stands before the first frame and after the last.
func stripMP3(b []byte) []byte {
	b = b[id3(b):]
	if n := len(b) - 128; n >= 0 && string(b[n:n+3]) == "TAG" {
		b = b[:n]
	}
	return b
}
