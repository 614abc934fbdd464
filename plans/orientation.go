package plans

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/draw"
)

// orientation is how a JPEG's camera was held, as Exif says it: 1 is upright, up to 8; 1 where nothing or nonsense is said.
func orientation(jpeg []byte) int {
	for at := 2; at+4 <= len(jpeg) && jpeg[at] == 0xff; {
		marker, size := jpeg[at+1], int(binary.BigEndian.Uint16(jpeg[at+2:]))
		if marker == 0xda || size < 2 || at+2+size > len(jpeg) { // the picture begins
			return 1
		}
		if exif, found := bytes.CutPrefix(jpeg[at+4:at+2+size], []byte("Exif\x00\x00")); marker == 0xe1 && found {
			return exifOrientation(exif)
		}
		at += 2 + size
	}
	return 1
}

// exifOrientation reads the tag 0x0112 of the first directory of a TIFF header.
func exifOrientation(tiff []byte) int {
	var order binary.ByteOrder = binary.BigEndian
	if bytes.HasPrefix(tiff, []byte("II")) {
		order = binary.LittleEndian
	}
	if len(tiff) < 8 {
		return 1
	}
	at := uint64(order.Uint32(tiff[4:]))
	if at+2 > uint64(len(tiff)) {
		return 1
	}
	entries := tiff[at+2:]
	for range order.Uint16(tiff[at:]) {
		if len(entries) < 12 {
			return 1
		}
		if v := order.Uint16(entries[8:]); order.Uint16(entries) == 0x0112 && v >= 1 && v <= 8 {
			return int(v)
		}
		entries = entries[12:]
	}
	return 1
}

// upright turns and mirrors a picture as its orientation says.
func upright(m image.Image, orientation int) image.Image {
	if orientation == 1 {
		return m
	}
	w, h := m.Bounds().Dx(), m.Bounds().Dy()
	from := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(from, from.Bounds(), m, m.Bounds().Min, draw.Src)
	size := image.Rect(0, 0, w, h)
	if orientation >= 5 {
		size = image.Rect(0, 0, h, w)
	}
	to := image.NewRGBA(size)
	for y := range size.Dy() {
		for x := range size.Dx() {
			u, v := x, y
			if orientation >= 5 { // rows and columns change places
				u, v = y, x
			}
			switch orientation {
			case 2, 3, 7, 8:
				u = w - 1 - u
			}
			switch orientation {
			case 3, 4, 6, 7:
				v = h - 1 - v
			}
			copy(to.Pix[to.PixOffset(x, y):][:4], from.Pix[from.PixOffset(u, v):][:4])
		}
	}
	return to
}
