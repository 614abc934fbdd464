package data

import (
	"compress/gzip"
	"embed"
	"encoding/binary"
	"fmt"
	"io"
	"sync"
)

// Fashion-MNIST (Xiao, Rasul and Vollgraf 2017), MIT licence, see fashion/LICENSE. Package convert made the files.
//
//go:embed fashion/*.gz
var fashionFiles embed.FS

// FashionLicence is the licence of the embedded images, MIT.
//
//go:embed fashion/LICENSE
var FashionLicence string

// The number of images of each split that are embedded.
const (
	FashionTrain = 5000
	FashionTest  = 1000
)

// fashionClasses are the names of the labels 0 to 9.
var fashionClasses = [Classes]string{"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"}

// FashionClass returns the name of a label of Fashion-MNIST, 0 to 9.
func FashionClass(label int) string { return fashionClasses[label] }

// rawSet is a split as embedded: one byte a pixel.
type rawSet struct{ images, labels []byte }

var fashionSplits = map[string]func() (rawSet, error){
	"train": sync.OnceValues(func() (rawSet, error) { return readRaw("train") }),
	"t10k":  sync.OnceValues(func() (rawSet, error) { return readRaw("t10k") }),
}

// Fashion returns the first count images of a split of Fashion-MNIST, "train" or "t10k", in the file's own order, as
// (pixel/255 - 0.2860)/0.3530. The error names an unknown split or a count beyond what is embedded.
func Fashion(split string, count int) (Set, error) {
	read, known := fashionSplits[split]
	if !known {
		return Set{}, fmt.Errorf("fashion: unknown split %q, want train or t10k", split)
	}
	raw, err := read()
	if err != nil {
		return Set{}, fmt.Errorf("fashion: %w", err)
	}
	if count < 1 || count > len(raw.labels) {
		return Set{}, fmt.Errorf("fashion: %d images of %s, want 1 to %d", count, split, len(raw.labels))
	}
	var scaled [256]float32
	for i := range scaled {
		scaled[i] = (float32(i)/255 - 0.2860) / 0.3530
	}
	s := Set{Images: make([]float32, count*Pixels), Labels: make([]int, count)}
	for i, pixel := range raw.images[:count*Pixels] {
		s.Images[i] = scaled[pixel]
	}
	for i, label := range raw.labels[:count] {
		s.Labels[i] = int(label)
	}
	return s, nil
}

func readRaw(split string) (rawSet, error) {
	images, err := readIDX("fashion/"+split+"-images-idx3-ubyte.gz", 16, Pixels)
	if err != nil {
		return rawSet{}, err
	}
	labels, err := readIDX("fashion/"+split+"-labels-idx1-ubyte.gz", 8, 1)
	return rawSet{images, labels}, err
}

// readIDX returns the items of an IDX file, each of size bytes after a header.
func readIDX(name string, header, size int) ([]byte, error) {
	file, err := fashionFiles.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	raw, err := io.ReadAll(unzipped)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(raw) < header || len(raw) != header+size*int(binary.BigEndian.Uint32(raw[4:])) {
		return nil, fmt.Errorf("%s: %d bytes do not fit its header", name, len(raw))
	}
	return raw[header:], nil
}
