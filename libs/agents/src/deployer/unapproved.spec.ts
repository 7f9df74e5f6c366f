import { describe, expect, it } from 'vitest';
import { DeploySection } from '../checks/deploy-section.js';
import { DeployArguments } from './deploy-arguments.js';
import { unapproved, unshown } from './unapproved.js';

const tree = 'a'.repeat(64);
const base = 'b'.repeat(64);
const deploy = { command: 'make deploy' };
const approval = { approvalId: 'run-7', sha256: 'c', decision: 'approve', comment: '', by: 'user:ada' };
const args = (changes: object) => DeployArguments.parse({ tree, deploy, approval, ...changes });
const given = (shown: object) => ({ sha256: 'c', arguments: { title: 'Release', tree, deploy, ...shown } });

describe('what a person approved', () => {
  it('is deployed where version and command are the ones that were shown', () => {
    expect(unapproved(args({}), given({}))).toBeNull();
    expect(unapproved(args({ deploy: { ...deploy, timeoutSeconds: 600, hosts: [] } }), given({}))).toBeNull();
    expect(unapproved(args({ deploy: null, base }), given({ base }))).toBeNull();
  });

  it.each([
    ['nobody was asked', args({ approval: null }), given({}), 'no approval'],
    ['the run has no such approval', args({}), null, 'No approval run-7 was given in this run.'],
    ['the hash is another one', args({}), { ...given({}), sha256: 'd' }, 'has the hash d, and the task says c'],
    ['another version was shown', args({}), given({ tree: base }), `The version ${base} was approved`],
    ['no version was shown', args({}), given({ tree: null }), 'The version of nothing was approved'],
    ['another command was shown', args({}), given({ deploy: { command: 'rm -rf /' } }), 'Another command was approved'],
    ['it may do more than was shown', args({ deploy: { ...deploy, env: ['KEY'] } }), given({}), 'Another command'],
    ['no command was shown', args({}), given({ deploy: null }), 'Another command was approved'],
    ['another base was shown', args({ deploy: null, base }), given({ base: tree }), `The base ${tree} was approved`],
  ])('is not what a task would deploy where %s', (_, task, approved, reason) => {
    expect(unapproved(task, approved)).toContain(reason);
  });

  it('covers what the base says where it was shown, and what reaches hosts in no other way', () => {
    const task = args({ deploy: null, base });
    const quiet = DeploySection.parse(deploy);
    const out = DeploySection.parse({ ...deploy, hosts: ['api.example'] });
    const by = (section: object | null) => given({ base, deploy: section });
    expect(unshown(task, quiet, by(null))).toBeNull();
    expect(unshown(task, quiet, by(deploy))).toBeNull();
    expect(unshown(task, out, by({ ...deploy, hosts: ['api.example'] }))).toBeNull();
    expect(unshown(task, out, by(null))).toContain('reaches api.example, and who approved run-7 was not shown that');
    expect(unshown(task, out, by(deploy))).toContain('Another command was approved in run-7');
    expect(unshown(task, quiet, by({ command: 'rm -rf /' }))).toContain('Another command was approved in run-7');
  });
});
