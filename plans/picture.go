package plans

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"sync"

	"gradlab/classroom"
)

// Bounds of a picture. What it takes to decode is known before it is: a few kilobytes may stand for gigabytes.
const (
	MaxPicture = 1 << 20    // bytes, as sent and as kept
	maxPixels  = 10_000_000 // a screen of 4K has 8.3 million
	maxSide    = 12_000
	maxScans   = 100 // of a JPEG: each goes over all pixels again
	quality    = 88  // of a JPEG
)

// A Picture is one that a stop shows, as it is kept and served. Its name is made of its content, so that nobody guesses one whose picture they
// do not have.
type Picture struct {
	Name    string
	Media   string // "image/png" or "image/jpeg"
	Content []byte
}

// decoding bounds the memory that decoders take: one at a time.
var decoding sync.Mutex

// ReadPicture decodes what somebody sends as a picture, and writes it anew, upright: what is kept is a picture and nothing else. The error is a
// *classroom.RefusedError.
func ReadPicture(sent []byte) (Picture, error) {
	refuse := func(format string, args ...any) error {
		return &classroom.RefusedError{Field: "picture", Reason: fmt.Sprintf(format, args...)}
	}
	if len(sent) == 0 {
		return Picture{}, refuse("choose a picture first")
	}
	if len(sent) > MaxPicture {
		return Picture{}, refuse("this picture is larger than 1 MB: make it smaller, or save it as JPEG")
	}
	config, kind, err := image.DecodeConfig(bytes.NewReader(sent))
	if err != nil {
		return Picture{}, refuse("this is no PNG and no JPEG")
	}
	if w, h := config.Width, config.Height; w < 1 || h < 1 || w > maxSide || h > maxSide || w*h > maxPixels {
		return Picture{}, refuse("this picture has %d × %d pixels; up to %d million are possible", w, h, maxPixels/1_000_000)
	}
	if kind == "jpeg" && bytes.Count(sent, []byte{0xff, 0xda}) > maxScans {
		return Picture{}, refuse("this JPEG is drawn in too many passes: save it anew")
	}
	decoding.Lock()
	defer decoding.Unlock()
	decoded, _, err := image.Decode(bytes.NewReader(sent))
	if err != nil {
		return Picture{}, refuse("this picture is damaged")
	}
	var out bytes.Buffer
	p := Picture{Media: "image/" + kind}
	if kind == "png" {
		err = (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, decoded)
	} else {
		err = jpeg.Encode(&out, upright(decoded, orientation(sent)), &jpeg.Options{Quality: quality})
	}
	if err != nil {
		return Picture{}, refuse("this picture cannot be written anew: %v", err)
	}
	if out.Len() > MaxPicture {
		return Picture{}, refuse("this picture takes more than 1 MB when it is written anew: make it smaller")
	}
	p.Content = out.Bytes()
	sum := sha256.Sum256(p.Content)
	p.Name = hex.EncodeToString(sum[:20]) + map[string]string{"png": ".png", "jpeg": ".jpg"}[kind]
	return p, nil
}
