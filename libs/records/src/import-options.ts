import { TextDecoder } from 'node:util';
import { IsBoolean, IsIn, IsInt, IsOptional, Matches, Max, Min, ValidateBy } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { DEFAULT_MAX_ERRORS } from './reading/row-sink.js';

export const IMPORT_FORMATS = ['csv', 'tsv', 'txt', 'json', 'ndjson', 'xml', 'parquet'] as const;
export type ImportFormat = (typeof IMPORT_FORMATS)[number];

export const MOST_ERRORS = 100_000;

/** The name of a dataset, which is its id, too. */
export const DATASET_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

function IsEncoding(): PropertyDecorator {
  return ValidateBy({ name: 'isEncoding', validator: { validate: isEncoding } }, { message: 'must be the name of an encoding' });
}

function isEncoding(name: unknown): boolean {
  try {
    return typeof name === 'string' && name.length <= 40 && new TextDecoder(name).encoding !== '';
  } catch {
    return false;
  }
}

/** What a client says about a file; what it leaves out is found out. */
export class ImportOptions {
  @JSONSchema({ description: 'Found by the content unless given.' })
  @IsOptional()
  @IsIn(IMPORT_FORMATS)
  format?: ImportFormat;

  @JSONSchema({ description: 'What stands between the fields of CSV: one character.' })
  @IsOptional()
  @Matches(/^[^\r\n"'\p{L}\p{N}\p{Cs}]$/u, { message: 'must be one character, no letter, digit, quote or line end' })
  delimiter?: string;

  @JSONSchema({ description: 'What fields of CSV may stand in.' })
  @IsOptional()
  @IsIn(['"', "'"])
  quote?: string;

  @JSONSchema({ description: 'Whether the first record of CSV holds the names of the fields.' })
  @IsOptional()
  @IsBoolean()
  header?: boolean;

  @JSONSchema({ description: 'The encoding of the text by its WHATWG name, such as utf-8, utf-16le or windows-1252.' })
  @IsOptional()
  @IsEncoding()
  encoding?: string;

  @JSONSchema({ description: 'The name of the XML element that is a row; the one that repeats unless given.' })
  @IsOptional()
  @Matches(/^[\p{L}_][\p{L}\p{N}_.:-]{0,199}$/u, { message: 'must be the name of an element' })
  element?: string;

  @JSONSchema({ description: `More bad rows than this end the import; ${DEFAULT_MAX_ERRORS} unless given.` })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(MOST_ERRORS)
  max_errors?: number;
}
