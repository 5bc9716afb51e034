import { IsOptional, Matches } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { DATASET_ID, ImportOptions } from '@app/records';
import { InvalidRequest, validate, type Violation } from '@app/tasks';
import { HttpProblem } from '../http/http-problem.js';
import { parseJson } from '../http/json-body.js';

/** The fields of an upload beside its files. */
export class UploadForm {
  @JSONSchema({ description: 'The dataset that the rows of all files go to; one of its own for this upload unless given.' })
  @IsOptional()
  @Matches(DATASET_ID, { message: 'must be letters, digits, dots, underscores and dashes, 100 at most' })
  dataset?: string;

  @JSONSchema({ description: 'ImportOptions as JSON.' })
  @IsOptional()
  options?: string;
}

/** What the fields ask for. @throws HttpProblem (422) with what is wrong and where. */
export function readForm(fields: ReadonlyMap<string, string>): { dataset?: string; options: ImportOptions } {
  const form = validate(UploadForm, Object.fromEntries(fields));
  if ('violations' in form) throw unfit(form.violations);
  const { dataset, options } = form.value;
  const checked = validate(ImportOptions, options === undefined ? {} : optionsOf(options), '/options');
  if ('violations' in checked) throw unfit(checked.violations);
  return { dataset, options: checked.value };
}

function optionsOf(text: string): unknown {
  try {
    return parseJson(Buffer.from(text)) ?? {};
  } catch (error) {
    const found = error instanceof InvalidRequest ? error.violations : [{ pointer: '', detail: 'must be JSON' }];
    throw unfit(found.map(({ pointer, detail }) => ({ pointer: `/options${pointer}`, detail })));
  }
}

function unfit(violations: readonly Violation[]): HttpProblem {
  return new HttpProblem(422, 'invalid_form', 'The fields of the form do not fit.', { violations });
}
