package experiment

import (
	"encoding/base64"
	"fmt"
	"math"
	"sync"

	"gradlab/mlcore/data"
)

// A Picture is 28 rows of 28 grey pixels, 0 black to 255 white.
type Picture [data.Pixels]byte

// garments is how many of Fashion-MNIST's test images a reader can choose from.
const garments = data.FashionTest

// mostPixels bounds a picture in a query: no run at all, 7 bytes of counts with 784 pixels, in base64.
const mostPixels = ((data.Pixels+7)*8 + 5) / 6

// Encode writes the picture for a query: runs of equal pixels shortened as in PackBits (Apple TN1023), in base64url
// without padding. Pixels that are black from some point on are left out, so the empty picture is "". A count byte n
// below 128 says that n+1 pixels follow as they are; one above says that the next pixel stands 257-n times.
func (p Picture) Encode() string {
	end := len(p)
	for end > 0 && p[end-1] == 0 {
		end--
	}
	var packed []byte
	for i := 0; i < end; {
		same := i + 1
		for same < end && p[same] == p[i] && same-i < 128 {
			same++
		}
		if same-i >= 3 {
			packed = append(packed, byte(257-(same-i)), p[i])
			i = same
			continue
		}
		from := i
		for i < end && i-from < 128 && !(i+2 < end && p[i] == p[i+1] && p[i] == p[i+2]) {
			i++
		}
		packed = append(packed, byte(i-from-1))
		packed = append(packed, p[from:i]...)
	}
	return base64.RawURLEncoding.EncodeToString(packed)
}

// decodePicture reads what Encode writes, and any other PackBits of at most 784 pixels; false: it is none.
func decodePicture(text string) (p Picture, ok bool) {
	packed, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return Picture{}, false
	}
	at := 0
	for i := 0; i < len(packed); {
		n := int(packed[i])
		i++
		switch {
		case n < 128:
			if i+n+1 > len(packed) || at+n+1 > len(p) {
				return Picture{}, false
			}
			copy(p[at:], packed[i:i+n+1])
			i += n + 1
			at += n + 1
		case n > 128:
			if i >= len(packed) || at+257-n > len(p) {
				return Picture{}, false
			}
			for range 257 - n {
				p[at] = packed[i]
				at++
			}
			i++
		default: // 128 says nothing in PackBits
			return Picture{}, false
		}
	}
	return p, true
}

// canonicalPicture is a picture in the one form that a config keeps.
func canonicalPicture(text string) (string, bool) {
	p, ok := decodePicture(text)
	if !ok {
		return "", false
	}
	return p.Encode(), true
}

// Picture returns the grey pixels of a config that [ParseKernels] accepted.
func (c Kernels) Picture() Picture {
	if c.Image == "own" {
		p, ok := decodePicture(c.Pixels)
		if !ok {
			panic("experiment: Kernels: a bad picture came through the table")
		}
		return p
	}
	return garmentsOf().pictures[c.Garment]
}

// GarmentClass names what a garment of the test set is: "Ankle boot".
func GarmentClass(index int) string { return data.FashionClass(garmentsOf().labels[index]) }

// FirstGarments are the first test images of each class, in the order of the classes.
func FirstGarments() []int {
	first := make([]int, data.Classes)
	labels := garmentsOf().labels
	for i := len(labels) - 1; i >= 0; i-- {
		first[labels[i]] = i
	}
	return first
}

// A wardrobe is the garments that a reader can choose from, a byte a pixel.
type wardrobe struct {
	pictures []Picture
	labels   []int
}

var garmentsOf = sync.OnceValue(func() wardrobe {
	set, err := data.Fashion("t10k", garments)
	if err != nil {
		panic(fmt.Sprintf("experiment: %v", err)) // it is embedded
	}
	w := wardrobe{pictures: make([]Picture, garments), labels: set.Labels}
	for i := range w.pictures {
		for at, v := range set.Image(i) {
			w.pictures[i][at] = byte(math.Round((float64(v)*0.3530 + 0.2860) * 255)) // back from data.Fashion's scale
		}
	}
	return w
})
