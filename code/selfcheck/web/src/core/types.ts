/** The page's payload and the stored progress, as the Python side writes them. */

export type ItemType =
  "choice" | "multiple" | "output" | "numeric" | "text" | "order" | "code";

/** What a reader answers: options, lines in order, typed text, or a program. */
export interface Answer {
  options?: number[];
  lines?: number[];
  text?: string;
  source?: string;
}

export interface Tolerance {
  abs?: number;
  rel?: number;
}

/** An unsealed key; which fields it has depends on the type of the item. */
export interface Key {
  options?: number[];
  lines?: number[];
  text?: string;
  value?: number | string;
  tolerance?: Tolerance;
  accept?: string[];
}

export interface Sealed {
  key?: string | null;
  why?: string | null;
  options?: string[];
  traps?: string[];
}

export interface ItemData {
  id: string;
  rev: string;
  family: string;
  type: ItemType;
  stratum: string;
  objective: string;
  variants: number;
  options: number;
  tries: number;
  /** In an exam: the pool that the item belongs to. */
  pool?: string;
  /** Absent until the answers are loaded. */
  sealed?: Sealed[];
  compare?: CompareOptions | null;
  starter?: string | null;
  example?: string | null;
}

export interface CompareOptions {
  numbers?: boolean;
  rtol?: number;
  atol?: number;
}

export interface Objective {
  text: string;
  href: string;
  title: string;
}

export type Draw = Record<string, number>;

export interface PassRule {
  at_least: number;
  must: string[];
}

export interface QuizData {
  schema: number;
  book?: string;
  quiz: string;
  title: string;
  salt: string;
  draw: Draw;
  pass: PassRule;
  attempts: number;
  /** Minutes between a failed round and the next; 0: no gate. */
  gate: number;
  /** Days that an item rests once its key was shown. */
  retire: number;
  /** Days until each review. */
  review: number[];
  objectives: Record<string, Objective>;
  items: ItemData[];
  /** The page on which the quiz stands, from the root of the site. */
  page?: string;
  /** Address of the script with the sealed answers, where the page has none. */
  answers?: string;
  /** In an exam: the pools that it draws from. */
  pools?: Record<string, PoolData>;
}

/** What an exam knows of a pool: where the pool's answers are, and their salt. */
export interface PoolData {
  salt: string;
  page?: string;
  answers?: string;
}

/** One submitted answer. */
export interface Try {
  answer: Answer;
  right: boolean;
  at: string;
  confidence?: Confidence | null;
}

export type Confidence = "guess" | "unsure" | "sure";
export type ItemState = "open" | "right" | "wrong";

export interface AttemptItem {
  id: string;
  rev: string;
  stratum: string;
  variant: number;
  order: number[];
  tries: Try[];
  state: ItemState;
  points: number;
}

export interface Attempt {
  seed: string;
  started: string;
  finished: string | null;
  items: AttemptItem[];
}

export interface Round {
  attempts: Attempt[];
}

/** What keeps a new round closed: since when, and objectives still to be opened. */
export interface Gate {
  since: string;
  sections: string[];
}

/** A family in the review deck; `due` is null when it is learned. */
export interface Card {
  item: string;
  variant: number;
  box: number;
  due: string | null;
  alarm: boolean;
  entry: AttemptItem | null;
}

/** A review that came to its end; `confidence` is that of its first try. */
export interface Review {
  at: string;
  item: string;
  variant: number;
  right: boolean;
  points: number;
  confidence: Confidence | null;
}

export interface QuizState {
  rounds: Round[];
  seen: Record<string, number>;
  retired: Record<string, string>;
  gate: Gate | null;
  deck: Record<string, Card>;
  reviews: Review[];
}

export interface Progress {
  schema: number;
  book: string;
  quizzes: Record<string, QuizState>;
}

/** What one check of a coding question found. */
export interface Check {
  name: string;
  ok: boolean;
  message: string;
}

/** The grader's answer to a submission; equal over every transport. */
export interface GradeRecord {
  schema: number;
  item: string;
  verdict: "right" | "wrong" | "error" | "timeout" | "memory" | "crashed" | "refused";
  checks: Check[];
  message: string;
  section: string | null;
  stdout: string;
  seconds: number;
  versions: Record<string, string>;
}
