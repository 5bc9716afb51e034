import { connect } from 'amqplib';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { AMQP_URL, MYSQL_URL } from '../support/servers.mjs';

/** Names and versions of what the scenarios run on. */
export async function versions(): Promise<string[]> {
  return [`Node ${process.versions.node}`, await databaseVersion(), await brokerVersion()];
}

async function databaseVersion(): Promise<string> {
  const connection = await createConnection(MYSQL_URL);
  const [[row]] = await connection.query<RowDataPacket[]>('SELECT VERSION() AS version');
  await connection.end();
  const version = String(row!.version);
  return version.includes('MariaDB') ? `MariaDB ${version.split('-')[0]}` : `MySQL ${version}`;
}

async function brokerVersion(): Promise<string> {
  const model = await connect(AMQP_URL);
  const { serverProperties } = model.connection as unknown as { serverProperties: { version: string } };
  await model.close();
  return `RabbitMQ ${serverProperties.version}`;
}
