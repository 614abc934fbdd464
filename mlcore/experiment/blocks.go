package experiment

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"gradlab/mlcore/nn"
)

// Blocks is a plain and a residual net, trained from the same weights on the same images, and what is done to them at test time:
// blocks are taken out, or change places (Veit, Wilber and Belongie 2016). Blocks are counted from 1.
type Blocks struct {
	N        int    // blocks a stage: 6n + 2 weighted layers
	Out      string // blocks that are taken out, by commas: "4,5"
	Swap     string // pairs that change places: "2-3,5-6"
	Skip     string // of the residual net: A, B, C
	Channels int    // of the first stage
	Order    string // post, notebook, pre
	Steps    int
	LR       float64
	Count    int // training images
	Batch    int // images a step; divides Count
	Seed     uint32
}

// lesions is how many draws of each number of blocks are taken out.
const lesions = 8

// mostBlocks is the largest n. Veit et al. broke a net of 54 blocks; but the comparison wants a plain twin that has learnt, too.
// After 640 steps on three seeds plain nets gave 0.72 to 0.79 of the test images their class at depth 20, 0.58 to 0.74 at 26, 0.52 to
// 0.67 at 32, and at 56 they have hardly begun.
const mostBlocks = 4

// blocksTable is the one description of the lab's parameters. What a run has, too, is described as the run does.
var blocksTable = Table[Blocks]{
	{Field: as(runField("deep", "n"), func(f *Field) {
		f.Help, f.Max = "Three stages of n blocks each make 6n + 2 weighted layers. Deeper plain nets hardly learn, so that there is nothing to break.", mostBlocks
	}), ref: func(c *Blocks) any { return &c.N }},
	{Field: Field{Name: "out", Label: "Taken out", Help: "The blocks that both nets do without, separated by commas.",
		Kind: Text, Form: "numbers of blocks by commas, such as 4,5", Most: 60},
		ref: func(c *Blocks) any { return &c.Out }, canonical: canonicalOut},
	{Field: Field{Name: "swap", Label: "Swapped", Help: "Pairs of blocks that change places, separated by commas.",
		Kind: Text, Form: "pairs of blocks by commas, such as 2-3,5-6", Most: 60},
		ref: func(c *Blocks) any { return &c.Swap }, canonical: canonicalSwap},
	{Field: as(runField("deep", "skip"), func(f *Field) {
		f.Label = "Skip of the residual net"
		f.Choices = slices.DeleteFunc(slices.Clone(f.Choices), func(o Option) bool { return o.Value == "none" })
	}), ref: func(c *Blocks) any { return &c.Skip }},
	{Field: as(runField("deep", "steps"), func(f *Field) { f.Default, f.Max, f.SliderMin, f.SliderMax, f.Step = "640", 2000, 64, 1280, 64 }),
		ref: func(c *Blocks) any { return &c.Steps }},
	{Field: as(runField("deep", "seed"), nil), ref: func(c *Blocks) any { return &c.Seed }},
	{Field: as(runField("deep", "channels"), func(f *Field) { f.Max = 8 }), ref: func(c *Blocks) any { return &c.Channels }},
	{Field: as(runField("deep", "order"), nil), ref: func(c *Blocks) any { return &c.Order }},
	{Field: as(runField("deep", "lr"), func(f *Field) { f.Rare = true }), ref: func(c *Blocks) any { return &c.LR }},
	{Field: as(runField("deep", "count"), func(f *Field) { f.Default = "4096" }), ref: func(c *Blocks) any { return &c.Count }},
	{Field: as(runField("deep", "batch"), func(f *Field) { f.Default = "64" }), ref: func(c *Blocks) any { return &c.Batch }},
}

// canonicalOut writes numbers of blocks in order, each once.
func canonicalOut(text string) (string, bool) {
	var blocks []int
	for _, field := range listed(text) {
		n, err := strconv.Atoi(field)
		if err != nil || n < 1 {
			return "", false
		}
		blocks = append(blocks, n)
	}
	slices.Sort(blocks)
	return numbered(slices.Compact(blocks)), true
}

// canonicalSwap writes pairs of blocks in order, the smaller of each first.
func canonicalSwap(text string) (string, bool) {
	var pairs [][2]int
	for _, field := range listed(text) {
		first, second, is := strings.Cut(field, "-")
		i, err1 := strconv.Atoi(first)
		j, err2 := strconv.Atoi(second)
		if !is || err1 != nil || err2 != nil || i < 1 || j < 1 {
			return "", false
		}
		pairs = append(pairs, [2]int{min(i, j), max(i, j)})
	}
	slices.SortFunc(pairs, func(a, b [2]int) int { return slices.Compare(a[:], b[:]) })
	return paired(slices.Compact(pairs)), true
}

func listed(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
}

func numbered(blocks []int) string {
	parts := make([]string, len(blocks))
	for i, b := range blocks {
		parts[i] = strconv.Itoa(b)
	}
	return strings.Join(parts, ",")
}

func paired(pairs [][2]int) string {
	parts := make([]string, len(pairs))
	for i, p := range pairs {
		parts[i] = fmt.Sprintf("%d-%d", p[0], p[1])
	}
	return strings.Join(parts, ",")
}

// BlocksTable describes the parameters of a [Blocks].
func BlocksTable() Table[Blocks] { return blocksTable }

// ParseBlocks reads the experiment from a query; see [Table.Parse]. What a run may not be, it may not be either, and both runs
// together, with all that is taken out of them, may cost [MaxCost].
func ParseBlocks(query url.Values) (Blocks, FieldErrors) {
	c, errs := blocksTable.Parse(query)
	return c, errs.and(c.check())
}

// Query writes the experiment, defaults left out.
func (c Blocks) Query() url.Values { return blocksTable.Query(c) }

// check names the fields that are fit alone and not together.
func (c Blocks) check() FieldErrors {
	errs := FieldErrors{}
	for _, i := range c.TakenOut() {
		if i >= c.Len() {
			errs["out"] = fmt.Sprintf("names block %d; these nets have %d", i+1, c.Len())
			break
		}
	}
	if fault := c.swapFault(); fault != "" {
		errs["swap"] = fault
	}
	runs := c.Runs()
	for _, run := range runs {
		for name, message := range run.check() {
			if errs[name] == "" {
				errs[name] = message
			}
		}
	}
	if cost := runs[0].Cost() + runs[1].Cost(); len(errs) == 0 && cost > MaxCost {
		errs["steps"] = fmt.Sprintf("make the two runs %.1f times as long as the server allows; lower the steps, the batch or the channels", cost/MaxCost)
	}
	if len(errs) == 0 {
		return nil
	}
	return errs
}

// swapFault says why the pairs cannot change places; "" where they can.
func (c Blocks) swapFault() string {
	seen := map[int]bool{}
	for _, p := range c.Swapped() {
		for _, i := range p {
			if i >= c.Len() {
				return fmt.Sprintf("names block %d; these nets have %d", i+1, c.Len())
			}
		}
		switch {
		case p[0] == p[1]:
			return fmt.Sprintf("pairs block %d with itself, which changes nothing; name two", p[0]+1)
		case seen[p[0]] || seen[p[1]]:
			return "names a block in two pairs; each may change places once"
		}
		if fault := c.run("none").swapFault(p[0], p[1]); fault != "" {
			return fault
		}
		seen[p[0]], seen[p[1]] = true, true
	}
	return ""
}

// Len is the number of blocks of each net.
func (c Blocks) Len() int { return 3 * c.N }

// Depth is the number of weighted layers.
func (c Blocks) Depth() int { return 6*c.N + 2 }

// TakenOut are the blocks that are out, from 0.
func (c Blocks) TakenOut() []int {
	var out []int
	for _, field := range listed(c.Out) {
		n, _ := strconv.Atoi(field) // the table wrote it
		out = append(out, n-1)
	}
	return out
}

// Swapped are the pairs of blocks, from 0, that have changed places, the smaller first.
func (c Blocks) Swapped() [][2]int {
	var pairs [][2]int
	for _, field := range listed(c.Swap) {
		var p [2]int
		fmt.Sscanf(field, "%d-%d", &p[0], &p[1]) // the table wrote it
		pairs = append(pairs, [2]int{p[0] - 1, p[1] - 1})
	}
	return pairs
}

// ChangesShape says whether a block, from 0, halves the image and doubles the channels.
func (c Blocks) ChangesShape(block int) bool { return block == c.N || block == 2*c.N }

// CanSwap says whether two blocks, from 0, can change places.
func (c Blocks) CanSwap(i, j int) bool { return i != j && c.run("none").swapFault(i, j) == "" }

// Toggled is the experiment with a block, from 0, put back that is out, or taken out.
func (c Blocks) Toggled(block int) Blocks {
	out := c.TakenOut()
	if i := slices.Index(out, block); i >= 0 {
		out = slices.Delete(out, i, i+1)
	} else {
		out = append(out, block)
	}
	for i := range out {
		out[i]++
	}
	slices.Sort(out)
	c.Out = numbered(out)
	return c
}

// Swapping is the experiment in which two blocks, from 0, change places, or back; a pair that one of them stood in is given up.
func (c Blocks) Swapping(i, j int) Blocks {
	pair := [2]int{min(i, j), max(i, j)}
	var pairs [][2]int
	found := false
	for _, p := range c.Swapped() {
		found = found || p == pair
		if p[0] != i && p[0] != j && p[1] != i && p[1] != j {
			pairs = append(pairs, [2]int{p[0] + 1, p[1] + 1})
		}
	}
	if !found {
		pairs = append(pairs, [2]int{pair[0] + 1, pair[1] + 1})
	}
	slices.SortFunc(pairs, func(a, b [2]int) int { return slices.Compare(a[:], b[:]) })
	c.Swap = paired(pairs)
	return c
}

// Mended is the experiment with all blocks in their places.
func (c Blocks) Mended() Blocks {
	c.Out, c.Swap = "", ""
	return c
}

// Runs are the trainings: the plain net's and the residual net's.
func (c Blocks) Runs() []Train { return []Train{c.run("none"), c.run(c.Skip)} }

func (c Blocks) run(skip string) Train {
	run := runDefault("deep")
	run.N, run.Channels, run.Skip, run.Order, run.Steps = c.N, c.Channels, skip, c.Order, c.Steps
	run.LR, run.Count, run.Batch, run.Seed, run.Norm, run.Lesions = c.LR, c.Count, c.Batch, c.Seed, nn.NormBatch.String(), lesions
	return run
}

// BlocksView is what a click on a block does. It changes no number; see [TrainView].
type BlocksView struct {
	Click string // "out" or "swap"
	Held  int    // swap: the block, from 1, that waits for another; 0: none
}

var blocksViewTable = Table[BlocksView]{
	{Field: Field{Name: "click", Label: "A click", Help: "What a click on a block does.", Kind: Choice, Default: "out",
		Choices: []Option{{"out", "takes it out"}, {"swap", "swaps two"}}},
		ref: func(v *BlocksView) any { return &v.Click }},
	{Field: Field{Name: "held", Label: "To be swapped", Help: "The block that waits for another; 0 for none.", Kind: Integer, Default: "0", Min: 0, Max: 3 * mostBlocks, Step: 1},
		ref: func(v *BlocksView) any { return &v.Held }, applies: func(v BlocksView) bool { return v.Click == "swap" }},
}

// BlocksViewTable describes the parameters of a [BlocksView].
func BlocksViewTable() Table[BlocksView] { return blocksViewTable }

// ParseBlocksLab reads the experiment and how it is shown from the query of the lab's page; see [ParseBlocks].
func ParseBlocksLab(query url.Values) (Blocks, BlocksView, FieldErrors) {
	c, v, errs := parseLab(query, ParseBlocks, blocksViewTable)
	if v.Held > c.Len() {
		errs = errs.and(FieldErrors{"held": fmt.Sprintf("names block %d; these nets have %d", v.Held, c.Len())})
		v.Held = 0
	}
	return c, v, errs
}

// Query writes an experiment and how it is shown, defaults left out: ParseBlocksLab(v.Query(c)) gives both back.
func (v BlocksView) Query(c Blocks) url.Values {
	query := c.Query()
	maps.Copy(query, blocksViewTable.Query(v))
	return query
}

// Work is the multiply-adds of judging both nets as they stand, where training has not done so already.
func (c Blocks) Work() float64 {
	if changes := len(c.TakenOut()) + len(c.Swapped()); changes <= 1 {
		return 0
	}
	work := 0.0
	for _, run := range c.Runs() {
		work += float64(run.Ledger().MultiplyAdds()) * LesionImages
	}
	return work
}
