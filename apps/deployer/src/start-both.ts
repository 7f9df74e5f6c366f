import { startDeployer } from '@baton/agents/deployer';
import { startMapItems } from '@baton/map-items';
import type { RunningService, ServiceContext } from '@baton/service-kit';

type Module = Parameters<typeof startDeployer>[0];

/**
 * The two kinds of worker of this process: what deploys, and what reads and writes for Maps. Both reach outside with what the
 * operator keeps for that, ask no model, and are given nothing of the other.
 */
export async function startBoth(
  modules: { readonly DeployerModule: Module; readonly MapItemsModule: Module },
  context: ServiceContext,
  deployerEnv: Parameters<typeof startDeployer>[2],
  itemsEnv: Parameters<typeof startMapItems>[2],
): Promise<RunningService> {
  const deployer = await startDeployer(modules.DeployerModule, context, deployerEnv);
  try {
    const items = await startMapItems(modules.MapItemsModule, context, itemsEnv);
    return { stop: async () => void (await Promise.all([deployer.stop(), items.stop()])) };
  } catch (thrown) {
    await deployer.stop();
    throw thrown;
  }
}
