import { PROVIDER_REASONS } from '../../contract'
import type { Command } from '../command'
import { EXIT } from '../exit-codes'
import { fields, table } from '../output'

export const doctorCommand: Command = {
  name: 'doctor',
  summary: 'Check this machine: versions, native parts, execution providers and what each does here.',
  operands: '',
  arity: [0, 0],
  options: {},
  notes: 'Exit code 3 where a check failed.',
  async run({ output, connect }) {
    const { client } = await connect()
    const found = await client.tools.doctor()
    output.result(found, () =>
      [
        fields([
          ['NeoGate', found.version],
          ['Node', found.node],
          ['ONNX Runtime', found.onnxruntime],
          ['Platform', found.platform],
          ['Processors', found.cpus],
          ['Memory', `${(found.memoryBytes / 2 ** 30).toFixed(1)} GiB`]
        ]),
        table(
          ['PROVIDER', 'HERE', 'SELF-TEST', 'MAX ERROR', 'FILMS/S', 'IN USE', 'REMARK'],
          found.providers.map(({ id, available, selfTest, inUse, reason }) => [
            id,
            available ? 'yes' : 'no',
            selfTest ? (selfTest.passed ? 'passed' : 'FAILED') : null,
            selfTest ? selfTest.maxError.toExponential(1) : null,
            selfTest ? selfTest.filmsPerSecond.toFixed(2) : null,
            inUse ? 'yes' : null,
            reason && PROVIDER_REASONS[reason]
          ])
        ),
        table(
          ['CHECK', 'RESULT', 'PARTICULARS'],
          found.checks.map(({ name, ok, detail }) => [name, ok ? 'ok' : 'FAILED', detail])
        )
      ].join('\n\n')
    )
    return found.checks.every(({ ok }) => ok) ? EXIT.done : EXIT.findings
  }
}
