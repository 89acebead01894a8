import { runGenerator } from '@boost/generator/bin';

runGenerator();
