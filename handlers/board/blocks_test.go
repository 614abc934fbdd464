package board

import (
	"net/url"
	"strings"
	"testing"

	"gradlab/mlcore/experiment"
)

func parseBlocks(t *testing.T, query string) (experiment.Blocks, experiment.BlocksView) {
	t.Helper()
	values, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	c, v, errs := experiment.ParseBlocksLab(values)
	if errs != nil {
		t.Fatal(errs)
	}
	return c, v
}

func TestBlocksVerdict(t *testing.T) {
	for _, test := range []struct {
		query                                      string
		plain, plainWhole, residual, residualWhole float64
		want                                       string
	}{
		{"", 0.722, 0.722, 0.81, 0.81, "The plain net gets 72 % of the test images right, the residual net 81 %. Click a block to take it out of both."},
		{"steps=1", 0.1, 0.1, 0.12, 0.12, "The plain net gets 10 % of the test images right, the residual net 12 %. The plain net has hardly learnt: give both more steps before you break them."},
		{"out=5", 0.14, 0.722, 0.777, 0.81, "Without block 5 the plain net falls from 72 % to 14 %, the residual net only from 81 % to 78 %. Guessing gives 10 %."},
		{"out=1", 0.32, 0.722, 0.531, 0.81, "Without block 1 the plain net falls from 72 % to 32 %, the residual net falls from 81 % to 53 %."},
		{"out=1,2,9", 0.1, 0.722, 0.35, 0.81, "Without blocks 1, 2 and 9 the plain net falls from 72 % to 10 %, the residual net falls from 81 % to 35 %. Guessing gives 10 %."},
		{"swap=2-3", 0.08, 0.722, 0.81, 0.81, "With blocks 2 and 3 swapped the plain net falls from 72 % to 8 %, the residual net stays at 81 %. Guessing gives 10 %."},
		{"swap=2-3&out=5", 0.18, 0.15, 0.8, 0.81, "Without block 5 and with blocks 2 and 3 swapped the plain net goes from 15 % to 18 %, the residual net falls from 81 % to 80 %. Guessing gives 10 %."},
		{"out=1,2,3,4,5,6,7,8,9", 0.1, 0.722, 0.11, 0.81, "Without any block the plain net falls from 72 % to 10 %, the residual net falls from 81 % to 11 %. Guessing gives 10 %."},
	} {
		c, _ := parseBlocks(t, test.query)
		got := blocksVerdict(blocksState{config: c, plain: test.plain, residual: test.residual, plainWhole: test.plainWhole, residualWhole: test.residualWhole}).String()
		if got = strings.ReplaceAll(got, "\u00a0", " "); got != test.want {
			t.Errorf("%s:\n got %q\nwant %q", test.query, got, test.want)
		}
	}
}

func TestBlocksWhy(t *testing.T) {
	for query, want := range map[string]string{
		"":                      "2^9 = 512 paths lead through the residual net, and one through the plain net",
		"out=5":                 "half of its 512 paths are left",
		"out=1,5":               "128 of its 512 paths are left",
		"n=1&out=1,2,3":         "only the path through no block is left",
		"n=4":                   "2^12 = 4096 paths",
		"swap=2-3":              "order matters little",
		"out=5&swap=2-3":        "half of its 512 paths are left",
		"out=1,2,3,4,5,6,7,8,9": "only the path through no block is left",
	} {
		c, _ := parseBlocks(t, query)
		if got := blocksWhy(c).String(); !strings.Contains(got, want) {
			t.Errorf("%s: got %q, want %q", query, got, want)
		}
	}
}

// Where a click on a block leads, in every state of the nets.
func TestClickOnBlocks(t *testing.T) {
	for _, test := range []struct {
		query, href, label string
		place              int
	}{
		{"", "/labs/blocks?out=5", "Take block 5 out of both nets", 4},
		{"out=2,5", "/labs/blocks?out=2", "Put block 5 back", 4},
		{"click=swap", "/labs/blocks?click=swap&held=5", "Swap block 5 with another", 4},
		{"click=swap", "", "Block 4 fits in no other place", 3},
		{"click=swap&n=2", "", "Block 4 fits in no other place", 3},
		{"click=swap&n=1", "", "Block 1 fits in no other place", 0},
		{"click=swap&held=5", "/labs/blocks?click=swap", "Leave block 5 where it is", 4},
		{"click=swap&held=5", "/labs/blocks?click=swap&swap=5-6", "Swap block 5 with block 6 in both nets", 5},
		{"click=swap&held=5", "", "Block 2 does not fit in the place of block 5", 1},
		{"click=swap&swap=5-6&held=5", "/labs/blocks?click=swap", "Swap block 5 with block 6 in both nets", 4}, // where 6 stands now
	} {
		c, v := parseBlocks(t, test.query)
		for _, twin := range []string{"plain", "residual"} {
			stages := drawnStages(c, v, twin, true)
			box := stages[test.place/c.N].Blocks[test.place%c.N]
			if box.Href != test.href || box.Label != test.label {
				t.Errorf("%s, place %d: got %q to %q, want %q to %q", test.query, test.place+1, box.Label, box.Href, test.label, test.href)
			}
		}
	}
}

// A config that cannot be run is drawn all the same, says why, and leads nowhere.
func TestBlocksRefused(t *testing.T) {
	c, v, errs := experiment.ParseBlocksLab(url.Values{"out": {"3,12"}, "swap": {"2-2"}})
	b := Blocks(c, v, errs, BlocksTwins{})
	want := "This cannot run. Taken out names block 12; these nets have 9. Swapped pairs block 2 with itself, which changes nothing; name two."
	if b.Refusal != want || b.Run.Stream != "" || len(b.Exports) > 0 || len(b.Nets[0].Stages[0].Blocks) != 3 || b.Nets[0].Stages[0].Blocks[0].Href != "" {
		t.Errorf("got %q, stream %q", b.Refusal, b.Run.Stream)
	}
	if b.Mend != "/labs/blocks" {
		t.Errorf("the way back is %q", b.Mend)
	}
}
