// Command convert cuts Fashion-MNIST to the images that the application embeds: the first 5,000 of the training set
// and the first 1,000 of the test set, in the files' own order, as IDX files compressed by gzip. Run it by hand from
// the folder of package data, with the folder of the original files (Debian's package dataset-fashion-mnist):
//
//	go run ./convert FOLDER
package main

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("usage: convert FOLDER")
	}
	for _, f := range []struct {
		name   string
		count  int
		header int // bytes
	}{
		{"train-images-idx3-ubyte.gz", 5000, 16},
		{"train-labels-idx1-ubyte.gz", 5000, 8},
		{"t10k-images-idx3-ubyte.gz", 1000, 16},
		{"t10k-labels-idx1-ubyte.gz", 1000, 8},
	} {
		if err := cut(filepath.Join(os.Args[1], f.name), filepath.Join("fashion", f.name), f.count, f.header); err != nil {
			log.Fatal(err)
		}
	}
}

// cut copies the first count items of an IDX file: a header of big-endian numbers, of which the second is the
// number of items, then the items.
func cut(from, to string, count, header int) error {
	file, err := os.Open(from)
	if err != nil {
		return err
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		return fmt.Errorf("read %s: %w", from, err)
	}
	raw, err := io.ReadAll(unzipped)
	if err != nil {
		return fmt.Errorf("read %s: %w", from, err)
	}
	items := int(binary.BigEndian.Uint32(raw[4:]))
	if items < count {
		return fmt.Errorf("%s has %d items, want %d", from, items, count)
	}
	size := (len(raw) - header) / items
	binary.BigEndian.PutUint32(raw[4:], uint32(count))
	var out bytes.Buffer
	zipped, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := zipped.Write(raw[:header+count*size]); err != nil {
		return err
	}
	if err := zipped.Close(); err != nil {
		return err
	}
	return os.WriteFile(to, out.Bytes(), 0o644)
}
