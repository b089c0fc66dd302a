// Runs workflows with n8n's own loader, expressions and routing, without its editor or database.
//   node n8n_engine.cjs PACKAGE_FOLDER CREDENTIALS.json   then a workflow as JSON on each line of stdin
// Answers each with one line: what each node gave in its last run, or the error it ended with. NODE_PATH finds n8n-core.
// Beside nodes and connections a workflow may have: `items` that it starts with, and `retries`, how often the whole
// execution is retried after it failed, as the editor does it, with the nodes of `saved` if there are any. With `calls` its last node is run as an agent's tool
// instead, once for each of these arguments, each as a run of its own.
'use strict';
const [, , packageFolder, credentialsFile] = process.argv;
require('reflect-metadata');
const readline = require('node:readline');
const { PackageDirectoryLoader, RoutingNode, SupplyDataContext, WorkflowExecute, ExecutionLifecycleHooks } = require('n8n-core');
const { Workflow, NodeHelpers, createRunExecutionData } = require('n8n-workflow');
const credentials = require(credentialsFile);

const START = 'n8n-nodes-base.manualTrigger';
const start = {
  description: { displayName: 'Start', name: 'manualTrigger', group: [], version: 1, defaults: {}, inputs: [], outputs: ['main'], properties: [] },
  async execute() { return [starting || this.getInputData()]; },
};
let starting;

(async () => {
  const loader = new PackageDirectoryLoader(packageFolder);
  await loader.loadAll();
  const prefix = loader.packageName + '.';
  const getByNameAndVersion = (type, version) => {
    if (type === START) return start;
    const node = NodeHelpers.getVersionedNodeType(loader.getNode(type.slice(prefix.length)).type, version);
    node.execute = node.execute || async function () { return (await new RoutingNode(this, node).runNode()) ?? []; };
    return node;
  };
  const nodeTypes = { getByName: getByNameAndVersion, getByNameAndVersion, getKnownTypes: () => ({}) };
  const credentialsHelper = {
    getParentTypes: () => [],
    getCredentialsProperties: type => loader.getCredential(type).type.properties,
    getDecrypted: async (_, reference) => credentials[reference.id],
    preAuthentication: async () => undefined,
    authenticate: async (data, type, request, workflow, node) => {
      for (const [part, values] of Object.entries(loader.getCredential(type).type.authenticate.properties)) {
        for (const [name, value] of Object.entries(values)) {
          (request[part] = request[part] || {})[name] = workflow.expression.getSimpleParameterValue(node, value, 'internal', { $credentials: data });
        }
      }
      return request;
    },
  };

  async function run(given) {
    const workflow = new Workflow({ id: '1', name: 'test', active: false, nodeTypes, settings: {}, ...given });
    const additionalData = {
      credentialsHelper, executionId: '1', userId: '1', variables: {}, externalSecretsProxy: {}, currentNodeParameters: undefined,
      hooks: new ExecutionLifecycleHooks('manual', '1', given), setExecutionStatus() {}, sendDataToUI() {},
      restApiUrl: '', instanceBaseUrl: '', webhookBaseUrl: '', webhookWaitingBaseUrl: '', webhookTestBaseUrl: '', formWaitingBaseUrl: '',
    };
    if (given.calls) return asTool(workflow, additionalData, given.calls);
    starting = given.items && given.items.map(json => ({ json }));
    let { data } = await new WorkflowExecute(additionalData, 'manual').run({ workflow });
    for (let left = given.retries || 0; left && data.resultData.error; left--) {
      additionalData.executionId = String(Number(additionalData.executionId) + 1);
      const saved = given.saved ? new Workflow({ id: '1', name: 'test', active: false, nodeTypes, settings: {}, ...given, nodes: given.saved }) : workflow;
      const retried = stored(data);
      for (const waiting of retried.executionData.nodeExecutionStack) waiting.node = saved.nodes[waiting.node.name];
      data = (await new WorkflowExecute(additionalData, 'retry', retried).processRunExecutionData(saved)).data;
    }
    const outputs = {};
    for (const [name, runs] of Object.entries(data.resultData.runData)) {
      const { error, data: given, hints } = runs.at(-1);
      const [items, failed] = ((given && given.main) || []).map(branch => branch || []);
      outputs[name] = error ? { error: error.message, description: error.description, item: error.context && error.context.itemIndex }
        : { items: items.map(item => item.json), paired: items.map(item => item.pairedItem), failed, hints: hints.map(hint => hint.message), runs: runs.length };
    }
    return outputs;
  }

  async function asTool(workflow, additionalData, calls) {
    const node = Object.values(workflow.nodes).at(-1), execution = createRunExecutionData(), made = [];
    for (const [index, json] of calls.entries()) {
      const input = [[{ json }]];
      const context = new SupplyDataContext(workflow, node, additionalData, 'manual', execution, index, [], { ai_tool: input }, 'ai_tool', { data: {}, node, source: null }, []);
      const { execute } = getByNameAndVersion(node.type, node.typeVersion);
      made.push(await execute.call(context).then(([items]) => items.map(item => item.json), error => ({ error: error.message })));
    }
    return { made };
  }

  // An execution that failed, as it is read from the database to be retried from the node that failed.
  function stored(failed) {
    const data = JSON.parse(JSON.stringify(failed));
    const { runData, lastNodeExecuted } = data.resultData;
    delete data.resultData.error;
    runData[lastNodeExecuted].pop();
    if (!runData[lastNodeExecuted].length) delete runData[lastNodeExecuted];
    return data;
  }

  for await (const line of readline.createInterface({ input: process.stdin })) {
    const outputs = await run(JSON.parse(line)).catch(fault => ({ fault: String(fault && fault.stack || fault) }));
    process.stdout.write('>' + JSON.stringify(outputs) + '\n');
  }
  process.exit(0);
})().catch(fault => { console.error(fault); process.exit(2); });
