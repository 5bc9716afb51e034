export { FileReader, type ReadingParts } from './file-reader.js';
export { DATASET_ID, ImportOptions } from './import-options.js';
export { FileRefused } from './reading/file-refused.js';
export type { BadRow, RowSlice } from './reading/row-sink.js';
export {
  RecordStore,
  type BatchFile,
  type DataRecord,
  type Dataset,
  type FieldFilter,
  type ImportFile,
  type ImportState,
  type RecordError,
  type RowPage,
  type RowPosition,
} from './record-store.js';
