package data

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"slices"
	"testing"

	"gradlab/mlcore/torchrand"
)

// The digests are of nets.py's fashion(5000) and fashion(1000, "t10k"): every scaled pixel as a little-endian
// float32, and every label as a byte, under PyTorch 1.13.
func TestFashionEqualsPyTorchBitForBit(t *testing.T) {
	for _, c := range []struct {
		split          string
		count          int
		images, labels string
	}{
		{"train", FashionTrain, "026753257ff85532bf40f612cd3364e24cdf12e709f9bb5084b175e38c3dce70", "4e4631c48d94add2f9bebe6a9bd67ebbd633b278f520428e19d7b21f84506ed0"},
		{"t10k", FashionTest, "ab2369044b6b81fef38356500944b5286565218c9b685ad528b0baf941da9e92", "86fea14d645de73ec2f8e0e859add59c557ccdf73e3e419692220b128c15ec47"},
	} {
		s, err := Fashion(c.split, c.count)
		if err != nil {
			t.Fatal(err)
		}
		raw := make([]byte, 0, 4*len(s.Images))
		for _, v := range s.Images {
			raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(v))
		}
		labels := make([]byte, s.Len())
		for i, v := range s.Labels {
			labels[i] = byte(v)
		}
		if got := digest(raw); got != c.images {
			t.Errorf("%s: digest of the images: got %s, want %s", c.split, got, c.images)
		}
		if got := digest(labels); got != c.labels {
			t.Errorf("%s: digest of the labels: got %s, want %s", c.split, got, c.labels)
		}
	}
}

func digest(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

func TestFashionRejectsWhatItLacks(t *testing.T) {
	for _, c := range []struct {
		split string
		count int
	}{{"train", 0}, {"train", FashionTrain + 1}, {"t10k", FashionTest + 1}, {"test", 1}, {"train", -1}} {
		if _, err := Fashion(c.split, c.count); err == nil {
			t.Errorf("Fashion(%q, %d): got no error, want one", c.split, c.count)
		}
	}
}

func TestFashionBeginsWithAnAnkleBoot(t *testing.T) {
	s, err := Fashion("train", 1)
	if err != nil {
		t.Fatal(err)
	}
	if got := FashionClass(s.Labels[0]); got != "Ankle boot" {
		t.Errorf("class of the first image: got %q, want %q", got, "Ankle boot")
	}
}

func TestBatchesKeepTheOrderAndWrap(t *testing.T) {
	train, test := Noise(torchrand.New(1), 70)
	if !slices.Equal(train.Labels, test.Labels) {
		t.Errorf("train and test labels differ")
	}
	b := NewBatches[float64](train, 32)
	if b.Len() != 3 {
		t.Fatalf("got %d batches of 70 images, want 3", b.Len())
	}
	var images []float64
	var labels []int
	for i := range 3 {
		x, y := b.At(i)
		images = append(images, x.Values(nil)...)
		labels = append(labels, y...)
	}
	for i, v := range train.Images {
		if images[i] != float64(v) {
			t.Fatalf("pixel %d: got %v, want %v", i, images[i], v)
		}
	}
	if !slices.Equal(labels, train.Labels) {
		t.Errorf("labels: got %v, want %v", labels, train.Labels)
	}
	first, _ := b.At(0)
	if again, _ := b.At(3); again != first {
		t.Errorf("batch 3 of 3 is not batch 0")
	}
}
