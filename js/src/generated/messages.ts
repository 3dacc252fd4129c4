// Generated from nemo_widgets/widgets: edit there, then run `npm run generate`.

export const MAX_RANGE_BYTES = 4194304;
export const MAX_SEGMENT_BYTES = 8388608;
export const MAX_THUMBNAILS = 200;
export const MAX_PEAKS = 4096;
export const THUMBNAILS_PER_ROW = 10;
export const FIRST_CHUNK_BYTES = 524288;
export const HEAD_BYTES = 64;
export const MAX_CHUNK_BYTES = 4194304;
export const MAX_FILE_BYTES = 209715200;
export const MAX_TEXT_BYTES = 65536;
export const WINDOW_CHUNKS = 4;

export type AnyAsk =
  | Cancel
  | ReadRange
  | GetSnapshot
  | SendPrompt
  | StopAnswer
  | StartExport
  | StopExport
  | BeginUpload
  | UploadChunk
  | FinishUpload
  | RetryUpload
  | DropUpload
  | UploadPath
  | ForgetAsset
  | BeginPrompts
  | GetComparison
  | StartSweep
  | StopSweep
  | OpenMedia
  | ReadSegment
  | GetFilmstrip
  | GetWaveform
  | TakeSnapshot;
export type ToBrowser =
  | Done
  | Failed
  | RangeData
  | Snapshot
  | UploadBegun
  | ChunkTaken
  | Comparison
  | MediaFacts
  | Segment
  | Filmstrip
  | Waveform
  | SnapshotTaken
  | Update
  | ComparisonUpdate;

/**
 * The view no longer wants the answer to its ask of this id.
 */
export interface Cancel {
  type: "cancel";
  id: string;
}
/**
 * Bytes `offset` up to `offset + length` of a clip; fewer at its end.
 */
export interface ReadRange {
  type: "read_range";
  clip: string;
  offset: number;
  length: number;
  id: string;
}
/**
 * The whole state, at connecting and after a gap.
 */
export interface GetSnapshot {
  type: "get_snapshot";
  id: string;
}
/**
 * Say this to the agent.
 */
export interface SendPrompt {
  type: "send_prompt";
  text: string;
  id: string;
}
/**
 * Stop the answer that is under way.
 */
export interface StopAnswer {
  type: "stop_answer";
  id: string;
}
/**
 * Render the timeline to a file.
 */
export interface StartExport {
  type: "start_export";
  id: string;
}
/**
 * Stop the export that is under way.
 */
export interface StopExport {
  type: "stop_export";
  id: string;
}
/**
 * A file is coming. The buffer beside this is its first `HEAD_BYTES`; an unfinished one goes on unless `fresh`.
 */
export interface BeginUpload {
  type: "begin_upload";
  name: string;
  size_bytes: number;
  modified_ms: number;
  fresh?: boolean;
  id: string;
}
/**
 * The buffer beside this is the file's bytes from `offset` on.
 */
export interface UploadChunk {
  type: "upload_chunk";
  upload: string;
  offset: number;
  id: string;
}
/**
 * All bytes were sent; answered when the service has the file. `digest` is that of the whole file.
 */
export interface FinishUpload {
  type: "finish_upload";
  upload: string;
  digest: string;
  id: string;
}
/**
 * Hand a file, which the kernel still has, to the service again.
 */
export interface RetryUpload {
  type: "retry_upload";
  upload: string;
  id: string;
}
/**
 * The file is not wanted after all: whatever is under way with it ends.
 */
export interface DropUpload {
  type: "drop_upload";
  upload: string;
  id: string;
}
/**
 * Hand over a file of the notebook's server, named as its file browser does; answered as `FinishUpload` is.
 */
export interface UploadPath {
  type: "upload_path";
  path: string;
  root?: string;
  id: string;
}
/**
 * Take a card away; the session still has the file, since the service has no call to remove one.
 */
export interface ForgetAsset {
  type: "forget_asset";
  name: string;
  id: string;
}
/**
 * The text of a CSV file of prompts, to be compared.
 */
export interface BeginPrompts {
  type: "begin_prompts";
  name: string;
  text: string;
  id: string;
}
/**
 * The whole comparison, at connecting and after a gap.
 */
export interface GetComparison {
  type: "get_comparison";
  id: string;
}
/**
 * Make what is not done yet.
 */
export interface StartSweep {
  type: "start_sweep";
  id: string;
}
/**
 * Stop what is being made; finished clips stay.
 */
export interface StopSweep {
  type: "stop_sweep";
  id: string;
}
/**
 * Read what this clip is, and in which forms it can be had.
 */
export interface OpenMedia {
  type: "open_media";
  clip: string;
  id: string;
}
/**
 * About `length_s` of the clip as fragmented MP4, from the last keyframe at or before `start_s`; `init` once.
 */
export interface ReadSegment {
  type: "read_segment";
  clip: string;
  form: "converted" | "native";
  start_s: number;
  length_s: number;
  init: boolean;
  id: string;
}
/**
 * `count` small pictures, spread evenly over the clip.
 */
export interface GetFilmstrip {
  type: "get_filmstrip";
  clip: string;
  count: number;
  height_px: number;
  id: string;
}
/**
 * How loud the clip is, in `count` buckets of equal length.
 */
export interface GetWaveform {
  type: "get_waveform";
  clip: string;
  count: number;
  id: string;
}
/**
 * The picture that is shown at `time_s`, in full size; it is also written beside the notebook.
 */
export interface TakeSnapshot {
  type: "take_snapshot";
  clip: string;
  time_s: number;
  id: string;
}
/**
 * It was done, or has begun and will be reported by updates.
 */
export interface Done {
  type: "done";
  id: string;
}
/**
 * It could not be done; `message` is for the person.
 */
export interface Failed {
  type: "failed";
  message: string;
  id: string;
}
/**
 * The buffer beside this is the clip's bytes from `offset` on, of `total_bytes` in all.
 */
export interface RangeData {
  type: "range_data";
  offset: number;
  total_bytes: number;
  id: string;
}
/**
 * The whole state, as of update number `seq`.
 */
export interface Snapshot {
  type: "snapshot";
  seq: number;
  state: StudioState;
  id: string;
}
/**
 * All that a Studio or a prompt box shows.
 */
export interface StudioState {
  backend: string;
  where: string;
  recording: string;
  prompts: string[];
  turns: TurnState[];
  assets: AssetState[];
  hand_overs: HandOverState[];
  prompt_rows: PromptRows | null;
  timeline: string;
  preview: ClipFacts | null;
  final: ClipFacts | null;
  export: ExportState;
  notice: string;
}
/**
 * One prompt and what came of it.
 */
export interface TurnState {
  number: number;
  prompt: string;
  text: string;
  status: "done" | "failed" | "setting_up" | "stopped" | "working";
  activity: string;
  elapsed_s: number;
  error: string;
  changes: string[];
  shown: string[];
  suggestions: SuggestionState[];
  hint: string;
}
/**
 * Something that a person may do next; nothing of it was done.
 */
export interface SuggestionState {
  action: "edit" | "export" | "preview" | "upload";
  words: string;
  call: string;
  prompt: string;
}
/**
 * A file that the session has.
 */
export interface AssetState {
  name: string;
  kind: string;
  duration_s: number;
  width: number;
  height: number;
  size_bytes: number;
  poster: string;
}
/**
 * A file that the kernel has, and the service has not yet; it is gone from the list once that has it.
 */
export interface HandOverState {
  upload: string;
  name: string;
  size_bytes: number;
  sent_bytes: number;
  phase: "checking" | "failed" | "sending";
  error: string;
  retryable: boolean;
}
/**
 * Prompts from a CSV file, of which a comparison can be made: the file's name, the prompts, how it is done.
 */
export interface PromptRows {
  name: string;
  prompts: string[];
  call: string;
}
/**
 * All that a player must know before it has any of the video.
 */
export interface ClipFacts {
  id: string;
  name: string;
  mime: string;
  size_bytes: number;
  duration_s: number;
  width: number;
  height: number;
  fps: number;
  backend: string;
  prompt: string;
  poster: string;
}
/**
 * How the export stands. `fraction` is 0 to 1, None while the service says nothing; `error` is in words.
 */
export interface ExportState {
  status: "done" | "failed" | "idle" | "running" | "stopped";
  fraction: number | null;
  elapsed_s: number;
  error: string;
}
/**
 * How the export stands. `fraction` is 0 to 1, None while the service says nothing; `error` is in words.
 */
export interface ExportState1 {
  status: "done" | "failed" | "idle" | "running" | "stopped";
  fraction: number | null;
  elapsed_s: number;
  error: string;
}
/**
 * Send chunks under the name `upload`, from `received_bytes` on.
 */
export interface UploadBegun {
  type: "upload_begun";
  upload: string;
  received_bytes: number;
  prefix_digest: string;
  id: string;
}
/**
 * The kernel has the first `received_bytes` of the file without a gap.
 */
export interface ChunkTaken {
  type: "chunk_taken";
  received_bytes: number;
  id: string;
}
/**
 * The whole comparison, as of update number `seq`.
 */
export interface Comparison {
  type: "comparison";
  seq: number;
  state: ComparisonState;
  id: string;
}
/**
 * All that a comparison shows: who does the work, whether it is running, and its variants in order.
 */
export interface ComparisonState {
  backend: string;
  running: boolean;
  variants: VariantState[];
}
/**
 * One prompt of a comparison and what came of it.
 */
export interface VariantState {
  number: number;
  prompt: string;
  text: string;
  phase: "done" | "failed" | "generating" | "queued" | "rendering" | "stopped" | "waiting";
  fraction: number | null;
  elapsed_s: number;
  credits_spent: number | null;
  error: string;
  clip: ClipFacts | null;
}
/**
 * What a clip is. `native` and `converted` are what ``MediaSource.isTypeSupported`` is asked; empty: cannot be had.
 */
export interface MediaFacts {
  type: "media_facts";
  kind: "audio" | "picture" | "video";
  duration_s: number;
  width: number;
  height: number;
  fps: number;
  frame_count: number;
  rotation: number;
  has_audio: boolean;
  native: string;
  converted: string;
  size_bytes: number;
  path: string;
  id: string;
}
/**
 * The buffers beside this are the initialisation segment, when it was asked for, and fragments with their data.
 */
export interface Segment {
  type: "segment";
  start_s: number;
  end_s: number;
  last: boolean;
  id: string;
}
/**
 * The buffer beside this is one JPEG: tiles from left to right, in rows of ten; `times_s` is when each is shown.
 */
export interface Filmstrip {
  type: "filmstrip";
  count: number;
  tile_width_px: number;
  tile_height_px: number;
  times_s: number[];
  id: string;
}
/**
 * The buffer beside this has a byte a bucket, 0 to 255, the loudest of all channels; `count` 0 without sound.
 */
export interface Waveform {
  type: "waveform";
  count: number;
  id: string;
}
/**
 * The buffer beside this is a PNG; a copy was written as `name`, beside the notebook.
 */
export interface SnapshotTaken {
  type: "snapshot_taken";
  name: string;
  width: number;
  height: number;
  time_s: number;
  id: string;
}
/**
 * What changed since update `seq` - 1. Changed fields come whole; only the text of an answer is added to.
 */
export interface Update {
  type: "update";
  seq: number;
  turns: TurnState[];
  texts: TextAdded[];
  prompts?: string[];
  assets?: AssetState[];
  hand_overs?: HandOverState[];
  prompt_rows?: PromptRows | null;
  timeline?: string;
  preview?: ClipFacts | null;
  final?: ClipFacts | null;
  export?: ExportState1;
  notice?: string;
}
/**
 * `text` follows what turn `turn` already has.
 */
export interface TextAdded {
  turn: number;
  text: string;
}
/**
 * What changed since update `seq` - 1: the changed variants, whole.
 */
export interface ComparisonUpdate {
  type: "comparison_update";
  seq: number;
  running: boolean;
  variants: VariantState[];
}
/**
 * What each ask is answered with when it does not fail.
 */
export interface ReplyTo {
  read_range: RangeData;
  get_snapshot: Snapshot;
  send_prompt: Done;
  stop_answer: Done;
  start_export: Done;
  stop_export: Done;
  begin_upload: UploadBegun;
  upload_chunk: ChunkTaken;
  finish_upload: Done;
  retry_upload: Done;
  drop_upload: Done;
  upload_path: Done;
  forget_asset: Done;
  begin_prompts: Done;
  get_comparison: Comparison;
  start_sweep: Done;
  stop_sweep: Done;
  open_media: MediaFacts;
  read_segment: Segment;
  get_filmstrip: Filmstrip;
  get_waveform: Waveform;
  take_snapshot: SnapshotTaken;
}
