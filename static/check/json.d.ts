// Written by handlers/declare from the structs of the server: change those.

declare namespace json {
  interface Refusal {
    error: string;
    fields?: Record<string, string>;
    request?: string;
    current?: Kept;
  }

  interface Kept {
    revision: number;
    text: string;
  }

  interface Saved {
    revision: number;
    saved: string;
  }

  interface Failure {
    error: string;
    again?: boolean;
  }

  interface chainDrawn extends Drawn {
    depth: number;
  }

  interface Drawn {
    query: string;
    parts: Record<string, string>;
    figures?: Record<string, DrawnFigure>;
    errors: Record<string, string>;
  }

  interface DrawnFigure {
    option: any;
    label: string;
  }

  interface trainDrawn extends Drawn {
    run: TrainRun;
    refusal: string;
  }

  interface TrainRun {
    stream: string;
    query: string;
    steps: number;
    layers: string[];
    twins: boolean;
    subject: string;
    curve: string;
    gradients: string;
    strip: TrainNetRun | null;
    settings: Setting[];
    finished: Record<string, Step[]> | null;
    tests: Record<string, Evaluation> | null;
  }

  interface TrainNetRun {
    columns: number;
    units: Record<string, number[]>;
    places: Record<string, number[]>;
    words: Reach[];
  }

  interface Reach {
    below: number;
    word: string;
  }

  interface Setting {
    name: string;
    text: string;
  }

  interface sweepDrawn extends Drawn {
    run: SweepRun;
  }

  interface SweepRun {
    stream: string;
    known: number;
    of: number;
    cheap: boolean;
  }

  interface kernelsDrawn extends Drawn {
    state: KernelState;
  }

  interface KernelState {
    picture: string;
    stages: Record<string, string>;
    pixel: Record<string, number>;
    marks: Record<string, number[]>;
    waiting: boolean;
  }

  interface pixelDrawn {
    query: string;
    parts: Record<string, string>;
    pixel: Record<string, number>;
    marks: Record<string, number[]>;
  }

  interface blocksDrawn extends Drawn {
    run: BlocksRun;
  }

  interface BlocksRun {
    stream: string;
    known: boolean;
    bars: Record<string, number>;
    wholes: Record<string, number>;
  }

  interface streamDrawn extends Drawn {
    state: StreamState;
  }

  interface StreamState {
    layer: number;
    words: string[];
    places: Record<string, number[][][]>;
    names: Record<string, string[][]>;
    one: Record<string, boolean[]>;
  }

  interface transformerDrawn extends Drawn {
    run: TransformerRun;
  }

  interface TransformerRun {
    stream: string;
    known: boolean;
    steps: number;
    step: number;
    layers: string[];
    finished: Record<string, Step[]> | null;
  }

  interface queuedEvent {
    run?: string;
    place: number;
    message: string;
  }

  interface startEvent {
    run: string;
    config: Record<string, any>;
    parameters: number;
    layers: string[];
    steps: number;
  }

  interface stepsEvent {
    run: string;
    steps: Step[];
  }

  interface Step {
    step: number;
    loss: number | "nan" | "inf" | "-inf";
    accuracy: number | "nan" | "inf" | "-inf";
    grad_norms: (number | "nan" | "inf" | "-inf")[];
    test?: Evaluation;
  }

  interface Evaluation {
    loss: number | "nan" | "inf" | "-inf";
    accuracy: number | "nan" | "inf" | "-inf";
  }

  interface divergedEvent {
    run: string;
    step: number;
    message: string;
  }

  interface TrainResult {
    config: Record<string, any>;
    parameters: number;
    losses: (number | "nan" | "inf" | "-inf")[];
    first_step_grad_norms: Record<string, number | "nan" | "inf" | "-inf">;
    test: Evaluation;
    diverged?: Divergence;
  }

  interface Divergence {
    step: number;
    message: string;
  }

  interface progressEvent {
    known: number;
    of: number;
    share: number;
  }

  interface sweptEvent {
    of: number;
  }

  interface redrawn {
    parts: Record<string, string>;
  }

  interface hinted extends Saved, redrawn {
  }

  interface studentState extends pageState {
    state: string;
  }

  interface pageState {
    version: number;
    lab: string;
    runs: number;
    closing: number;
    waits: boolean;
    parts: Record<string, string>;
  }

  interface boardState extends pageState {
    blank: boolean;
    zoom: number;
    ended: boolean;
    stage: string;
    note: string;
  }

  interface change {
    version: number;
    stage: string;
    lab: string;
    runs: number;
    closing: number;
    hand: boolean;
    answer?: studentState;
  }

  interface guessed {
    guess: string;
  }

  interface submitted {
    run: string;
  }

  interface computed {
    runs: number;
  }

  interface handTold {
    up: boolean;
  }

  interface peopleState {
    parts: Record<string, string>;
  }

  interface written extends Saved {
    parts: Record<string, string>;
  }
}
