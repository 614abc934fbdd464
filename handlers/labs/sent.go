package labs

import "gradlab/handlers/board"

// The events of streams: see streamTrain, streamGroup and streamSweep.
type (
	// A queuedEvent says that a run waits, or pauses for others.
	queuedEvent struct {
		Run     string `json:"run,omitempty"` // plain or residual; "" of a sweep
		Place   int    `json:"place"`         // in the queue, from 1
		Message string `json:"message"`
	}
	startEvent struct {
		Run        string         `json:"run"`
		Config     map[string]any `json:"config"`
		Parameters int            `json:"parameters"`
		Layers     []string       `json:"layers"`
		Steps      int            `json:"steps"`
	}
	stepsEvent struct {
		Run   string       `json:"run"`
		Steps []board.Step `json:"steps"`
	}
	divergedEvent struct {
		Run     string `json:"run"`
		Step    int    `json:"step"`
		Message string `json:"message"`
	}
	doneEvent map[string]board.TrainResult // by run

	progressEvent struct {
		Known int     `json:"known"`
		Of    int     `json:"of"`
		Share float64 `json:"share"` // of the work, 0 to 1
	}
	sweptEvent struct {
		Of int `json:"of"`
	}
)

// Sent are the shapes of all JSON that the labs' scripts read.
var Sent = []any{
	chainDrawn{}, trainDrawn{}, sweepDrawn{}, kernelsDrawn{}, pixelDrawn{}, blocksDrawn{}, streamDrawn{}, transformerDrawn{},
	queuedEvent{}, startEvent{}, stepsEvent{}, divergedEvent{}, doneEvent{}, progressEvent{}, sweptEvent{},
}
