package plans

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"testing"
)

// A photo is kept as its camera says that it is to be looked at: of an F on a 4 × 6 grid, each of the eight ways to hold the camera comes
// back as the same F.
func TestPhotosStandUpright(t *testing.T) {
	const w, h, cell = 4, 6, 16
	black := func(x, y int) bool { return x == 0 || y == 0 || y == 2 && x < 3 } // an F, unlike each of its turns
	// The camera stores the row that Exif calls the 0th, and the column: where the F's point x, y then stands.
	stored := map[int]func(x, y int) (int, int){
		1: func(x, y int) (int, int) { return x, y }, 2: func(x, y int) (int, int) { return w - 1 - x, y },
		3: func(x, y int) (int, int) { return w - 1 - x, h - 1 - y }, 4: func(x, y int) (int, int) { return x, h - 1 - y },
		5: func(x, y int) (int, int) { return y, x }, 6: func(x, y int) (int, int) { return y, w - 1 - x },
		7: func(x, y int) (int, int) { return h - 1 - y, w - 1 - x }, 8: func(x, y int) (int, int) { return h - 1 - y, x },
	}
	for o := 1; o <= 8; o++ {
		size := image.Rect(0, 0, w*cell, h*cell)
		if o >= 5 {
			size = image.Rect(0, 0, h*cell, w*cell)
		}
		photo := image.NewGray(size)
		for y := range h {
			for x := range w {
				sx, sy := stored[o](x, y)
				for i := range cell * cell {
					if !black(x, y) {
						photo.Set(sx*cell+i%cell, sy*cell+i/cell, color.White)
					}
				}
			}
		}
		var plain bytes.Buffer
		if err := jpeg.Encode(&plain, photo, nil); err != nil {
			t.Fatal(err)
		}
		for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
			kept, err := ReadPicture(withExif(plain.Bytes(), order, uint16(o)))
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(kept.Content, []byte("Exif")) {
				t.Error("what the camera says of the place and the time is kept")
			}
			back, err := jpeg.Decode(bytes.NewReader(kept.Content))
			if err != nil || back.Bounds() != image.Rect(0, 0, w*cell, h*cell) {
				t.Fatalf("orientation %d: %v, %v", o, back.Bounds(), err)
			}
			for y := range h {
				for x := range w {
					if r, _, _, _ := back.At(x*cell+cell/2, y*cell+cell/2).RGBA(); (r < 0x8000) != black(x, y) {
						t.Fatalf("orientation %d: the cell %d, %d is %x", o, x, y, r)
					}
				}
			}
		}
	}
}

// withExif puts what a camera says before a JPEG: the orientation alone.
func withExif(jpeg []byte, order binary.AppendByteOrder, orientation uint16) []byte {
	exif := []byte("Exif\x00\x00MM\x00*")
	if order == binary.AppendByteOrder(binary.LittleEndian) {
		exif = []byte("Exif\x00\x00II*\x00")
	}
	exif = order.AppendUint32(exif, 8)
	exif = order.AppendUint16(exif, 1)
	exif = order.AppendUint16(exif, 0x0112)
	exif = order.AppendUint16(exif, 3)
	exif = order.AppendUint32(exif, 1)
	exif = order.AppendUint16(exif, orientation)
	exif = order.AppendUint16(exif, 0)
	exif = order.AppendUint32(exif, 0)
	segment := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(exif)+2))
	return append(append(append([]byte{}, jpeg[:2]...), append(segment, exif...)...), jpeg[2:]...)
}

// What says nothing that can be understood is taken as upright.
func FuzzOrientation(f *testing.F) {
	f.Add(withExif([]byte{0xff, 0xd8, 0xff, 0xd9}, binary.BigEndian, 6))
	f.Fuzz(func(t *testing.T, sent []byte) {
		if o := orientation(sent); o < 1 || o > 8 {
			t.Errorf("orientation %d", o)
		}
	})
}
