package press

import (
	"math/bits"
	"sort"
)

// sfnt puts tables together to a TrueType file, in the order of their tags, with its checksums.
func sfnt(tables map[string][]byte) []byte {
	tags := make([]string, 0, len(tables))
	size := 0
	for tag, data := range tables {
		tags = append(tags, tag)
		size += len(data) + 20
	}
	sort.Strings(tags)
	n := len(tags)
	power := bits.Len(uint(n)) - 1
	b := make([]byte, 0, 12+size)
	b = be.AppendUint32(b, 0x00010000)
	for _, v := range []int{n, 16 << power, power, n*16 - 16<<power} {
		b = be.AppendUint16(b, uint16(v))
	}
	off := 12 + 16*n
	for _, tag := range tags {
		b = append(b, tag...)
		b = be.AppendUint32(b, checksum(tables[tag]))
		b = be.AppendUint32(b, uint32(off))
		b = be.AppendUint32(b, uint32(len(tables[tag])))
		off += (len(tables[tag]) + 3) &^ 3
	}
	head := 0
	for _, tag := range tags {
		if tag == "head" {
			head = len(b)
		}
		b = append(b, tables[tag]...)
		for len(b)&3 != 0 {
			b = append(b, 0)
		}
	}
	be.PutUint32(b[head+8:], 0)
	be.PutUint32(b[head+8:], 0xB1B0AFBA-checksum(b))
	return b
}

func checksum(d []byte) (sum uint32) {
	for ; len(d) >= 4; d = d[4:] {
		sum += be.Uint32(d)
	}
	if len(d) > 0 {
		var last [4]byte
		copy(last[:], d)
		sum += be.Uint32(last[:])
	}
	return sum
}
