import type { Command } from 'commander';
import { examples, type Run } from './command-line.js';
import type { Context } from './context.js';
import { type ExitCode, UsageError } from './exit-codes.js';

interface VerifyOptions {
  readonly bundle?: string;
  readonly key?: string;
  readonly pin: boolean;
}

const withTrust = (command: Command): Command =>
  command
    .option(
      '--key <key>',
      'the public key of the log, or a file with it; default the one that is remembered, else the one shown',
    )
    .option('--no-pin', 'neither remember the key and the checkpoint, nor hold them against what is remembered');

/** The log as proof: verified, proven, taken along. */
export function addAuditCommands(program: Command, run: Run): void {
  const verify = () => import('./commands/audit/verify.js');
  const prove = () => import('./commands/audit/prove.js');
  const audit = program.command('audit').description('check the log, and prove what is in it');
  withTrust(
    audit
      .command('verify [id]')
      .description('read the whole log again, or one run of it, and check every hash, number and signature')
      .option('--bundle <file>', 'check a file of `audit export` instead, without a gateway'),
  )
    .addHelpText(
      'after',
      examples('audit verify', 'audit verify 3f2a91c0', 'audit verify --bundle run.bundle --key log.pub'),
    )
    .action((id: string | undefined, options: VerifyOptions) =>
      run(async (context): Promise<ExitCode> => {
        const { auditVerify, verifyBundleFile } = await verify();
        if (options.bundle === undefined) return auditVerify(context, id, options);
        if (id === undefined) return verifyBundleFile(context, options.bundle, options);
        throw new UsageError('A bundle is checked whole.', 'Leave out the id of the run.');
      }),
    );
  withTrust(
    audit
      .command('prove <id> <event>')
      .description('prove that an event of a run is in the signed log, by its number in the run')
      .option('--out <file>', 'write the proof, as JSON'),
  )
    .addHelpText('after', examples('audit prove 3f2a91c0 12', 'audit prove 3f2a91c0 12 --out proof.json'))
    .action((id: string, event: string, options: VerifyOptions & { readonly out?: string }) =>
      run(async (context: Context) => (await prove()).auditProve(context, id, event, options)),
    );
  audit
    .command('export [id]')
    .description('write a run with those it asked for, or the whole log, into a file that proves itself')
    .requiredOption('--out <file>', 'the file')
    .addHelpText('after', examples('audit export 3f2a91c0 --out run.bundle', 'audit export --out log.bundle'))
    .action((id: string | undefined, { out }: { readonly out: string }) =>
      run(async (context) => (await prove()).auditExport(context, id, out)),
    );
  const key = audit
    .command('key')
    .description('show the key that signs the log, and how far it is signed')
    .addHelpText('after', examples('audit key', 'audit key rotate'))
    .action(() => run(async (context) => (await prove()).auditKey(context)));
  key
    .command('rotate')
    .description('put a new key in its place, in the folder of keys of this machine; both sign that it follows')
    .addHelpText('after', examples('audit key rotate'))
    .action(() => run(async (context) => (await prove()).rotateKey(context)));
}
