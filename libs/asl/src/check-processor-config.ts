import type { CheckContext } from './check-context.js';
import { errorAt, pointerTo } from './finding.js';
import { isJsonObject, type Json } from './json.js';

const FIELDS = ['Mode', 'ExecutionType'];

/** The ProcessorConfig of a state machine: what the machine of a Map has, and no other. Both modes are run alike here. */
export function checkProcessorConfig(config: Json, pointer: string, { reportRule }: CheckContext): void {
  const says = (at: string, message: string): void => reportRule(errorAt(at, 'schema', message));
  if (!/\/(?:ItemProcessor|Iterator)\/ProcessorConfig$/.test(pointer)) {
    says(pointer, 'ProcessorConfig is for the ItemProcessor of a Map; a machine elsewhere has none');
    return;
  }
  if (!isJsonObject(config)) {
    says(pointer, 'ProcessorConfig is an object');
    return;
  }
  const { Mode = 'INLINE', ExecutionType } = config;
  for (const key of Object.keys(config)) {
    if (!FIELDS.includes(key)) says(pointerTo(pointer, key), `ProcessorConfig has no field ${key}`);
  }
  if (Mode !== 'INLINE' && Mode !== 'DISTRIBUTED') says(pointerTo(pointer, 'Mode'), 'Mode is INLINE or DISTRIBUTED');
  if (ExecutionType === undefined) return;
  const at = pointerTo(pointer, 'ExecutionType');
  if (ExecutionType !== 'STANDARD' && ExecutionType !== 'EXPRESS') says(at, 'ExecutionType is STANDARD or EXPRESS');
  else if (Mode === 'INLINE') says(at, 'ExecutionType goes with the Mode DISTRIBUTED alone');
}
